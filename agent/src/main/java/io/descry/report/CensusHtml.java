package io.descry.report;

import io.descry.os.Kind;
import io.descry.reconcile.Owner;
import java.util.List;
import java.util.Map;

/** Open descriptors by kind and owner, as a table. */
final class CensusHtml {
  private CensusHtml() {}

  static void write(Markup page, Census census) {
    List<Owner> owners = List.copyOf(census.byOwner().keySet());
    page.tag("section", "id", "census").element("h2", "By kind and owner");
    page.tag("div", "class", "wide").tag("table", "class", "census");
    page.element("caption", "Open descriptors by kind and owner").tag("thead").tag("tr");
    page.element("th", "kind", "scope", "col");
    for (Owner owner : owners) {
      page.tag("th", "scope", "col", "class", "n");
      page.tag("i", "class", "swatch o-" + owner.label()).end().text(owner.label()).end();
    }
    page.element("th", "total", "scope", "col", "class", "n").end().end().tag("tbody").line();
    for (Map.Entry<Kind, Map<Owner, Integer>> row : census.byBoth().entrySet()) {
      int total = census.byKind().get(row.getKey());
      row(page, row.getKey().label(), owners, row.getValue(), total);
    }
    page.end().tag("tfoot");
    row(page, "total", owners, census.byOwner(), census.open());
    page.end().end().end().end().line();
  }

  private static void row(
      Markup page, String label, List<Owner> owners, Map<Owner, Integer> counts, int total) {
    page.tag("tr").element("th", label, "scope", "row");
    for (Owner owner : owners) {
      Integer count = counts.get(owner);
      page.element("td", count == null ? "" : Words.number(count), "class", "n");
    }
    page.element("td", Words.number(total), "class", "n").end().line();
  }
}
