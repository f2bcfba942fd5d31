package io.descry.lab.corpus;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is true of a program that was run, and what Descry said of it.
 *
 * @param wrong why the label is wrong; {@code null} when the kernel agrees with it
 * @param leaks how often it leaked
 * @param began when it leaked first; {@code null} when it did not
 * @param took from then to the end of its work
 */
record Outcome(
    String name,
    String wrong,
    List<Cause> causes,
    int leaks,
    Instant began,
    Duration took,
    List<Reported> findings) {
  private static final double TOLERANCE = 0.2;

  /** While a leak goes on, its finding may be so far behind. */
  private static final double LAG_SECONDS = 5;

  /** A straggler or two that were opened before the count began. */
  private static final int SLACK = 2;

  boolean clean() {
    return causes.isEmpty();
  }

  List<Cause> wanted() {
    return causes.stream().filter(Cause::wanted).toList();
  }

  /** The true findings about a cause. */
  List<Reported> about(Cause cause) {
    return findings.stream().filter(finding -> isAbout(finding, cause)).toList();
  }

  /** Findings about nothing that is true; what is only a consequence is neither. */
  List<Reported> falseFindings() {
    return findings.stream()
        .filter(finding -> causes.stream().noneMatch(cause -> excuses(finding, cause)))
        .toList();
  }

  /** Between the first leak and the first true finding about the cause. */
  Optional<Duration> detection(Cause cause) {
    return about(cause).stream()
        .map(Reported::firstSeen)
        .min(Instant::compareTo)
        .map(seen -> seen.isBefore(began) ? Duration.ZERO : Duration.between(began, seen));
  }

  private boolean excuses(Reported finding, Cause cause) {
    if (finding.passed()) {
      return finding.owner().equals(cause.library() == null ? "java" : "library")
          && cause.kinds().keySet().containsAll(finding.kinds());
    }
    return cause.wanted()
        ? isAbout(finding, cause)
        : cause.blamedBy(finding.owner(), finding.library(), finding.site());
  }

  private boolean isAbout(Reported finding, Cause cause) {
    return cause.wanted()
        && !finding.passed()
        && cause.blamedBy(finding.owner(), finding.library(), finding.site())
        && cause.kinds().keySet().containsAll(finding.kinds())
        && finding.hazard() == (cause.fate() == Cause.Fate.HAZARD)
        && finding.rule().equals("closed-by-collector") == (cause.fate() == Cause.Fate.COLLECTED)
        && counted(finding, cause);
  }

  /**
   * A finding may count leaks, their descriptors of one kind, or those of all the kinds that it
   * speaks of. Some leak by parts of a cause, site by site: these add up.
   */
  private boolean counted(Reported finding, Cause cause) {
    List<Integer> each = new ArrayList<>(cause.kinds().values());
    each.add(1);
    each.add(cause.perLeak());
    each.add(finding.kinds().stream().mapToInt(kind -> cause.kinds().get(kind)).sum());
    return each.stream().anyMatch(perLeak -> near(together(finding, cause), perLeak));
  }

  private int together(Reported finding, Cause cause) {
    return sameRule(finding)
        .filter(other -> cause.blamedBy(other.owner(), other.library(), other.site()))
        .mapToInt(Reported::count)
        .sum();
  }

  private Stream<Reported> sameRule(Reported finding) {
    return findings.stream()
        .filter(other -> !other.passed() && other.kinds().equals(finding.kinds()))
        .filter(other -> other.rule().equals(finding.rule()));
  }

  private boolean near(int count, int perLeak) {
    double truth = (double) leaks * perLeak;
    double lag = Math.min(truth / 2, truth / Math.max(1, took.toSeconds()) * LAG_SECONDS);
    return count >= truth * (1 - TOLERANCE) - lag && count <= truth * (1 + TOLERANCE) + SLACK;
  }
}
