package io.descry.report;

import io.descry.detect.Confidence;
import io.descry.detect.Finding;
import io.descry.os.Limits;
import io.descry.reconcile.Reconciliation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The first lines of a text report: all that somebody reads who reads nothing else. */
final class Opening {
  private static final double CROWDED = 0.8;
  private static final int NAMED = 5;

  private Opening() {}

  /** Writes them. */
  static void write(TextPage page, ReportData data, Findings found) {
    List<Finding> leaks = found.leaks();
    page.wrap("", verdict(data, found));
    page.wrap("", trend(data));
    if (leaks.isEmpty() && isCrowded(data.reconciliation())) {
      page.wrap("", "Few are left before the limit; below is where the most were opened.");
    }
    for (int i = 0; i < Math.min(NAMED, leaks.size()); i++) {
      Finding leak = leaks.get(i);
      page.line(
          "  %d. %-8s %7s x %-11s %s"
              .formatted(
                  i + 1,
                  leak.confidence().label(),
                  Words.number(leak.count()),
                  FindingText.kinds(leak),
                  place(leak)));
    }
    if (leaks.size() > NAMED) {
      page.line("  and " + Words.number(leaks.size() - NAMED) + " more");
    }
  }

  /** Whether so much of the limit is used that an operator wants to know by what. */
  static boolean isCrowded(Reconciliation reconciliation) {
    return isLimit(reconciliation.limits().soft())
        && reconciliation.open() >= CROWDED * reconciliation.limits().soft();
  }

  /** A limit in words. */
  static String limit(long limit) {
    if (limit < 0) {
      return "unknown";
    }
    return isLimit(limit) ? Words.number(limit) : "unlimited";
  }

  /** Where it was opened, as short as can be. */
  static String place(Finding leak) {
    return leak.group().site().isUnknown()
        ? FindingText.who(leak.group())
        : SiteText.shortName(leak.group().site());
  }

  /** In a sentence or two; up to its first colon a word or two in capitals that say it all. */
  static String verdict(ReportData data, Findings found) {
    List<Finding> leaks = found.leaks();
    List<Finding> forgotten = found.forgotten();
    List<Finding> hazards = found.hazards();
    List<Finding> suspects = with(leaks, Confidence.SUSPECT);
    List<Finding> sure = new ArrayList<>(leaks);
    sure.removeAll(suspects);
    StringBuilder also = new StringBuilder();
    if (!sure.isEmpty() && !suspects.isEmpty()) {
      also.append(" ").append(Words.count(suspects.size(), "more place")).append(" suspected.");
    }
    if (!forgotten.isEmpty()) {
      also.append(" The garbage collector closed ")
          .append(Words.number(forgotten.stream().mapToLong(Finding::count).sum()))
          .append(" that the application forgot.");
    }
    if (!hazards.isEmpty()) {
      also.append(" Also ").append(Words.count(hazards.size(), "hazard")).append(".");
    }
    if (!sure.isEmpty()) {
      String word = with(sure, Confidence.CERTAIN).isEmpty() ? "PROBABLE LEAK" : "LEAK";
      return word + ": " + holding(data, sure) + also;
    }
    if (!suspects.isEmpty()) {
      return "SUSPECTED LEAK: " + holding(data, suspects) + also;
    }
    return word(forgotten, hazards)
        + ": "
        + Words.count(data.reconciliation().open(), "open descriptor")
        + " ("
        + usage(data.reconciliation())
        + ")."
        + also;
  }

  private static String word(List<Finding> forgotten, List<Finding> hazards) {
    if (!forgotten.isEmpty()) {
      return "FORGOTTEN DESCRIPTORS";
    }
    return hazards.isEmpty() ? "NO LEAK FOUND" : "HAZARD, NO LEAK FOUND";
  }

  private static String holding(ReportData data, List<Finding> leaks) {
    // One descriptor may be in several findings.
    long held =
        leaks.stream()
            .flatMap(leak -> leak.descriptors().stream())
            .mapToInt(owned -> owned.descriptor().number())
            .distinct()
            .count();
    return "%s %s %s of the %s open descriptors (%s)."
        .formatted(
            Words.count(leaks.size(), "place"),
            leaks.size() == 1 ? "holds" : "hold",
            Words.number(held),
            Words.number(data.reconciliation().open()),
            usage(data.reconciliation()));
  }

  private static List<Finding> with(List<Finding> findings, Confidence confidence) {
    List<Finding> with = new ArrayList<>();
    for (Finding finding : findings) {
      if (finding.confidence() == confidence) {
        with.add(finding);
      }
    }
    return with;
  }

  private static String usage(Reconciliation reconciliation) {
    Limits limits = reconciliation.limits();
    return isLimit(limits.soft())
        ? Words.percent(reconciliation.open(), limits.soft())
            + " of the limit of "
            + Words.number(limits.soft())
        : "limit " + limit(limits.soft());
  }

  /** How the number of open descriptors moves, in a sentence. */
  static String trend(ReportData data) {
    double perMinute = data.verdict().growthPerSecond() * 60;
    Instant exhaustion = data.verdict().exhaustion();
    if (data.scans() < 2) {
      return "With a single scan, neither growth nor hazards could be seen yet.";
    }
    if (!(perMinute > 0)) {
      return "The number of open descriptors shows no lasting growth.";
    }
    return "The number of open descriptors grows by %s%s."
        .formatted(
            Words.rate(perMinute),
            exhaustion == null
                ? ""
                : "; the limit is reached at " + FindingText.when(exhaustion, data.written()));
  }

  /** Whether it is known, and is one. */
  static boolean isLimit(long limit) {
    return limit > 0 && limit < Long.MAX_VALUE;
  }
}
