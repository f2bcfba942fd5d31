package io.descry.report;

import io.descry.detect.Finding;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The largest groups as rows of the live page's table; each leads to its descriptors. */
final class LiveGroupsHtml {
  static final int SHOWN = 1000;

  private LiveGroupsHtml() {}

  static void write(Markup page, ReportData data) {
    List<Group> groups = new ArrayList<>(data.reconciliation().groups());
    groups.sort(Comparator.comparingInt((Group group) -> group.descriptors().size()).reversed());
    Map<GroupKey, String> found = new HashMap<>();
    for (Finding finding : data.verdict().findings()) {
      found.putIfAbsent(finding.group(), finding.id());
    }
    for (Group group : groups.subList(0, Math.min(SHOWN, groups.size()))) {
      row(page, group, found.get(group.key()));
    }
  }

  private static void row(Markup page, Group group, String finding) {
    GroupKey key = group.key();
    int count = group.descriptors().size();
    page.tag("tr", "data-count", Integer.toString(count));
    page.element("td", Words.number(count), "class", "n");
    page.tag("td").tag("i", "class", "swatch o-" + key.owner().label()).end();
    page.text(key.library() == null ? key.owner().label() : FindingText.name(key.library()));
    page.end().element("td", key.kind().label());
    page.tag("td").tag("button", "type", "button", "data-group", DescriptorQuery.id(key));
    page.element("code", SiteText.shortName(key.site())).end().end().tag("td");
    if (finding != null) {
      page.element("a", finding, "href", "#" + finding);
    }
    page.end().end().line();
  }
}
