package io.descry.report;

import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.util.List;

/** Findings as cards. */
final class FindingHtml {
  private static final int IN_FULL = 100;
  private static final int LISTED = 20;

  private FindingHtml() {}

  static void writeAll(Markup page, ReportData data, Findings found) {
    page.tag("section", "id", "findings").line();
    section(page, data, found.leaks(), "Leaks");
    section(page, data, found.forgotten(), TextReport.FORGOTTEN);
    section(page, data, found.hazards(), TextReport.HAZARDS);
    page.end().line();
  }

  private static void section(
      Markup page, ReportData data, List<Finding> findings, String heading) {
    if (findings.isEmpty()) {
      return;
    }
    page.element("h2", heading).line();
    for (Finding finding : findings.subList(0, Math.min(IN_FULL, findings.size()))) {
      card(page, finding, data);
    }
    if (findings.size() > IN_FULL) {
      page.element("p", Words.number(findings.size() - IN_FULL) + " more are in the JSON report.");
    }
  }

  /** How sure a finding is. */
  static void badge(Markup page, Finding finding) {
    String label = finding.confidence().label();
    page.element("span", label, "class", "badge " + label);
  }

  /** Numbered, with what stands between backquotes as commands. */
  static void advice(Markup page, List<String> advice) {
    page.tag("ol", "class", "advice");
    for (String one : advice) {
      page.tag("li");
      String[] parts = one.split("`", -1);
      boolean paired = parts.length % 2 == 1;
      for (int i = 0; i < parts.length; i++) {
        if (paired && i % 2 == 1) {
          page.element("code", parts[i]);
        } else {
          page.text((i > 0 && !paired ? "`" : "") + parts[i]);
        }
      }
      page.end();
    }
    page.end().line();
  }

  private static void card(Markup page, Finding finding, ReportData data) {
    GroupKey key = finding.group();
    String level = finding.confidence().label();
    page.tag("article", "class", "card " + level, "id", finding.id()).tag("header");
    badge(page, finding);
    page.tag("h3").text(Words.number(finding.count()) + " × " + FindingText.kinds(finding));
    page.text(finding.rule().equals(FindingText.CLOSED_BY_COLLECTOR) ? " so far, " : ", ");
    page.text(HazardText.who(finding)).end();
    page.element("a", finding.id(), "class", "id", "href", "#" + finding.id()).end().line();
    page.element("p", FindingText.meaning(finding));
    facts(page, finding, data);
    if (!finding.advice().isEmpty()) {
      page.element("h4", "What to do");
      advice(page, finding.advice());
    }
    page.tag("h4").text("Stack");
    page.element("span", " innermost first", "class", "q").end();
    if (key.site().isUnknown()) {
      page.element("p", "No stack is known.");
    }
    StackHtml.write(page, key.site());
    page.element("h4", "Evidence").tag("ul", "class", "evidence");
    for (Evidence evidence : finding.evidence()) {
      page.tag("li").text(evidence.text());
      if (evidence.check() != null && !evidence.check().isBlank()) {
        page.tag("pre", "class", "check").element("code", evidence.check()).end();
      }
      page.end().line();
    }
    page.end();
    descriptors(page, finding.descriptors());
    page.end().line();
  }

  private static void facts(Markup page, Finding finding, ReportData data) {
    page.tag("dl", "class", "facts");
    page.element("dt", HazardText.isByCloser(finding) ? "Closed by" : "Opened by");
    page.tag("dd").element("code", FindingText.openedBy(finding.group())).end();
    page.element("dt", "First seen");
    Duration ago = Duration.between(finding.firstSeen(), data.written());
    page.element("dd", Words.time(finding.firstSeen()) + ", " + Words.duration(ago) + " ago");
    if (!finding.hazard() || finding.ratePerMinute() > 0) {
      page.element("dt", "Rate").element("dd", FindingText.rate(finding, data.written()));
    }
    page.end().line();
  }

  /** A table of them, closed until it is asked for. */
  static void descriptors(Markup page, List<OwnedDescriptor> all) {
    if (all.isEmpty()) {
      return;
    }
    int shown = Math.min(LISTED, all.size());
    page.tag("details")
        .element(
            "summary",
            shown == all.size()
                ? Words.count(shown, "descriptor")
                : "Descriptors: the oldest " + shown + " of " + Words.number(all.size()));
    page.tag("div", "class", "wide").tag("table").tag("thead").tag("tr");
    for (String heading : List.of("fd", "leads to", "opened (UTC)", "by", "thread")) {
      page.element("th", heading, "scope", "col");
    }
    page.end().end().tag("tbody").line();
    for (OwnedDescriptor owned : all.subList(0, shown)) {
      page.tag("tr").element("td", Integer.toString(owned.descriptor().number()), "class", "n");
      page.tag("td").element("code", FindingText.target(owned.descriptor()));
      if (owned.meaning() != null) {
        page.empty("br").text(owned.meaning());
      }
      page.end();
      page.element("td", (owned.openedExactly() ? "" : "seen ") + Words.time(owned.opened()));
      page.element("td", owned.call() == null ? "" : owned.call());
      page.element("td", owned.thread() == null ? "" : owned.thread());
      page.end().line();
    }
    page.end().end().end().end().line();
  }
}
