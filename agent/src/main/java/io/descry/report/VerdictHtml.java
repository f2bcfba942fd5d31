package io.descry.report;

import io.descry.detect.Confidence;
import io.descry.detect.Finding;
import io.descry.reconcile.Reconciliation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What somebody needs who was woken by it: what is wrong, how long there is, what to do now. */
final class VerdictHtml {
  private static final int NAMED = 5;
  private static final int ADVICE = 3;

  private VerdictHtml() {}

  static void write(Markup page, ReportData data, Findings found) {
    String verdict = Opening.verdict(data, found);
    String word = PageHead.word(data, found);
    page.tag("section", "id", "verdict", "class", "verdict " + level(word, data)).line();
    page.element("h2", word);
    page.element("p", verdict.substring(word.length() + 1).strip(), "class", "sentence");
    page.element("p", Opening.trend(data));
    figures(page, data, found);
    worst(page, found.leaks());
    first(page, found);
    page.end().line();
  }

  private static String level(String word, ReportData data) {
    return switch (word) {
      case "LEAK" -> "certain";
      case "PROBABLE LEAK", "HAZARD, NO LEAK FOUND" -> "probable";
      case "SUSPECTED LEAK", "FORGOTTEN DESCRIPTORS" -> "suspect";
      default -> Opening.isCrowded(data.reconciliation()) ? "probable" : "clean";
    };
  }

  private static void figures(Markup page, ReportData data, Findings found) {
    Reconciliation facts = data.reconciliation();
    long soft = facts.limits().soft();
    page.tag("ul", "class", "figures");
    page.tag("li").element("b", Words.number(facts.open()));
    if (Opening.isLimit(soft)) {
      page.text("open of " + Words.number(soft));
      usage(page, facts.open(), soft);
    } else {
      page.text("open, limit " + Opening.limit(soft));
    }
    page.end();
    double perMinute = data.verdict().growthPerSecond() * 60;
    page.tag("li").element("b", perMinute > 0 ? "+" + Words.rate(perMinute) : "0");
    page.text(perMinute > 0 ? "lasting growth" : "no lasting growth").end();
    Instant exhaustion = data.verdict().exhaustion();
    if (exhaustion != null) {
      Duration left = Duration.between(data.written(), exhaustion);
      page.tag("li", "class", left.toHours() < 1 ? "urgent" : null);
      page.element("b", left.toSeconds() <= 0 ? "now" : Words.duration(left));
      page.text("until the limit, at " + Words.time(exhaustion) + " UTC").end();
    }
    page.tag("li").element("b", Words.number(data.verdict().findings().size()));
    page.text(kinds(found)).end();
    page.end().line();
  }

  private static void usage(Markup page, int open, long soft) {
    long share = Math.min(100, 100L * open / soft);
    page.tag(
        "svg",
        "class",
        "usage",
        "viewBox",
        "0 0 100 4",
        "preserveAspectRatio",
        "none",
        "role",
        "img");
    page.element("title", Words.percent(open, soft) + " of the limit in use");
    page.empty("rect", "class", "whole", "width", "100", "height", "4");
    page.empty("rect", "class", "part", "width", Long.toString(share), "height", "4");
    page.end();
  }

  private static String kinds(Findings found) {
    List<String> kinds = new ArrayList<>();
    for (Confidence confidence : Confidence.values()) {
      long count = found.leaks().stream().filter(leak -> leak.confidence() == confidence).count();
      if (count > 0) {
        kinds.add(count + " " + confidence.label());
      }
    }
    if (!found.forgotten().isEmpty()) {
      kinds.add(found.forgotten().size() + " forgotten");
    }
    if (!found.hazards().isEmpty()) {
      kinds.add(Words.count(found.hazards().size(), "hazard"));
    }
    int all = found.leaks().size() + found.forgotten().size() + found.hazards().size();
    return (all == 1 ? "finding" : "findings")
        + (kinds.isEmpty() ? "" : ": " + String.join(", ", kinds));
  }

  private static void worst(Markup page, List<Finding> leaks) {
    if (leaks.isEmpty()) {
      return;
    }
    page.tag("ol", "class", "worst");
    for (Finding leak : leaks.subList(0, Math.min(NAMED, leaks.size()))) {
      page.tag("li").tag("a", "href", "#" + leak.id());
      FindingHtml.badge(page, leak);
      page.text(" " + Words.number(leak.count()) + " × " + FindingText.kinds(leak) + " ");
      page.element("code", Opening.place(leak)).end().end().line();
    }
    page.end();
    if (leaks.size() > NAMED) {
      page.element("p", "and " + Words.number(leaks.size() - NAMED) + " more");
    }
  }

  /** The advice of the gravest leak; where nothing leaks, of what else was found. */
  private static void first(Markup page, Findings found) {
    for (List<Finding> findings : List.of(found.leaks(), found.forgotten(), found.hazards())) {
      for (Finding finding : findings) {
        List<String> advice = finding.advice();
        if (!advice.isEmpty()) {
          page.tag("div", "class", "first").element("h3", "What to do first");
          FindingHtml.advice(page, advice.subList(0, Math.min(ADVICE, advice.size())));
          page.end().line();
          return;
        }
      }
    }
  }
}
