package io.descry.report;

/** The sections that the report's page and the live page have in common. */
final class PageSections {
  private PageSections() {}

  /**
   * Writes one.
   *
   * @throws IllegalStateException when there is none of that name
   */
  static void write(String name, Markup page, ReportData data, Findings found) {
    switch (name) {
      case "title" -> page.element("title", PageHead.title(data, found));
      case "head" -> PageHead.write(page, data);
      case "verdict" -> VerdictHtml.write(page, data, found);
      case "timeline" -> TimelineHtml.write(page, data);
      case "findings" -> FindingHtml.writeAll(page, data, found);
      case "census" -> CensusHtml.write(page, Census.of(data.reconciliation()));
      case "rest" -> RestHtml.write(page, data);
      default -> throw new IllegalStateException("no slot " + name);
    }
  }
}
