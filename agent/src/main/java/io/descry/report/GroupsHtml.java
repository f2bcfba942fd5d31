package io.descry.report;

import io.descry.detect.Finding;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All groups as a table, largest first; a script lets it be sorted and filtered. */
final class GroupsHtml {
  private static final int WITH_STACK = 500;

  private GroupsHtml() {}

  static void write(Markup page, ReportData data) {
    List<Group> groups = new ArrayList<>(data.reconciliation().groups());
    groups.sort(Comparator.comparingInt((Group group) -> group.descriptors().size()).reversed());
    Map<GroupKey, String> found = new HashMap<>();
    for (Finding finding : data.verdict().findings()) {
      found.putIfAbsent(finding.group(), finding.id());
    }
    page.tag("section", "id", "groups").element("h2", "All open descriptors").line();
    page.tag("p", "class", "q").text(Words.count(data.reconciliation().open(), "descriptor"));
    page.text(" in " + Words.count(groups.size(), "group") + " of equal owner, kind and site.");
    page.end().line();
    page.tag("div", "class", "wide").tag("table", "class", "sortable");
    page.element("caption", "Groups of open descriptors, the largest first");
    page.tag("thead").tag("tr");
    page.element("th", "count", "scope", "col", "class", "n", "aria-sort", "descending");
    for (String heading : List.of("owner", "kind", "opened at", "finding")) {
      page.element("th", heading, "scope", "col");
    }
    page.end().end().tag("tbody").line();
    int row = 0;
    for (Group group : groups) {
      row(page, group, found.get(group.key()), row++ < WITH_STACK, data.allDescriptors());
    }
    page.end().end().end().end().line();
  }

  private static void row(
      Markup page, Group group, String finding, boolean withStack, boolean listed) {
    GroupKey key = group.key();
    int count = group.descriptors().size();
    page.tag("tr", "data-count", Integer.toString(count))
        .element("td", Words.number(count), "class", "n");
    page.tag("td").tag("i", "class", "swatch o-" + key.owner().label()).end();
    page.text(key.library() == null ? key.owner().label() : FindingText.name(key.library()));
    page.end().element("td", key.kind().label()).tag("td");
    boolean more = withStack && !key.site().isUnknown() || listed;
    if (more) {
      page.tag("details").tag("summary");
    }
    page.element("code", SiteText.shortName(key.site()));
    if (more) {
      page.end();
      if (withStack) {
        StackHtml.write(page, key.site());
      }
      if (listed) {
        FindingHtml.descriptors(page, group.descriptors());
      }
      page.end();
    }
    page.end().tag("td");
    if (finding != null) {
      page.element("a", finding, "href", "#" + finding);
    }
    page.end().end().line();
  }
}
