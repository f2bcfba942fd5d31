package io.descry.report;

import io.descry.reconcile.Group;
import io.descry.reconcile.OwnedDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Descriptors that were asked for, oldest first; each leads to its story. */
final class LiveDescriptorsHtml {
  static final int SHOWN = 200;

  private LiveDescriptorsHtml() {}

  static void write(Markup page, ReportData data, DescriptorQuery query) {
    List<OwnedDescriptor> all = new ArrayList<>();
    for (Group group : data.reconciliation().groups()) {
      if (query.isOf(group.key())) {
        group.descriptors().stream().filter(query::matches).forEach(all::add);
      }
    }
    all.sort(Comparator.comparingLong(OwnedDescriptor::openedAt));
    int shown = Math.min(SHOWN, all.size());
    page.tag("p", "class", "q", "aria-live", "polite");
    page.text(
        shown < all.size()
            ? "The oldest " + shown + " of " + Words.number(all.size()) + " descriptors."
            : Words.count(shown, "descriptor") + ".");
    page.end().line();
    if (shown > 0) {
      table(page, all.subList(0, shown));
    }
  }

  private static void table(Markup page, List<OwnedDescriptor> all) {
    page.tag("div", "class", "wide").tag("table");
    page.element("caption", "Descriptors, the oldest first").tag("thead").tag("tr");
    page.element("th", "fd", "scope", "col", "class", "n");
    for (String heading : List.of("leads to", "kind", "opened (UTC)", "thread", "opened at")) {
      page.element("th", heading, "scope", "col");
    }
    page.end().end().tag("tbody").line();
    for (OwnedDescriptor owned : all) {
      String number = Integer.toString(owned.descriptor().number());
      page.tag("tr").tag("td", "class", "n");
      page.element("button", number, "type", "button", "data-fd", number).end();
      page.tag("td").element("code", FindingText.target(owned.descriptor())).end();
      page.element("td", owned.descriptor().kind().label());
      page.element("td", (owned.openedExactly() ? "" : "seen ") + Words.time(owned.opened()));
      page.element("td", owned.thread() == null ? "" : owned.thread());
      page.tag("td").element("code", SiteText.shortName(owned.group().site())).end();
      page.end().line();
    }
    page.end().end().end().line();
  }
}
