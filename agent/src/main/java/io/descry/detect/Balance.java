package io.descry.detect;

import io.descry.reconcile.GroupKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Says of a finding's site how much of what it opened is open, how much was closed, and how much of
 * that by others; and tells the site of which nothing is ever closed from that which forgets now
 * and then. Says nothing where no site is known, nor where the garbage collector closes: that is no
 * close of the site's.
 *
 * @param ends what was seen to end
 * @param commands to check by hand
 */
record Balance(Ends ends, Commands commands) {
  /** So many of either are a habit. */
  private static final int HABIT = 20;

  /** Adds to findings that are leaks what is known of their sites. */
  List<Finding> on(Scan scan, List<Finding> findings) {
    return findings.stream().map(finding -> on(scan, finding)).toList();
  }

  private Finding on(Scan scan, Finding finding) {
    GroupKey key = finding.group();
    Ends.Seen seen = ends.of(key);
    int ended = seen.lifetimes().total();
    int open = scan.of(key).size();
    boolean never = ended == 0 && open >= HABIT && ends.tells(key);
    boolean collected =
        scan.facts().collected().stream().anyMatch(one -> one.site().equals(key.site()));
    if (collected
        || key.site().isUnknown()
        || finding.evidence().isEmpty()
        || finding.descriptors().isEmpty()
        || !never && ended == 0) {
      return finding;
    }
    List<Evidence> evidence = new ArrayList<>(finding.evidence());
    evidence.add(
        new Evidence("balance", text(open, ended, seen), commands.list(finding.descriptors())));
    List<String> advice = new ArrayList<>(finding.advice());
    if (never) {
      advice.add(
          Math.min(1, advice.size()),
          "Nothing that this site opens was ever seen to be closed: look for the close itself, it may not be there at all.");
    } else if (!finding.rule().equals(LifetimeOutlier.NAME) && ended >= HABIT && ended >= open) {
      advice.add(
          Math.min(1, advice.size()),
          "Most of what this site opens is closed: look for the path that leaves without closing, mostly an exception, a timeout or an early return.");
    }
    return new Finding(
        finding.id(),
        finding.rule(),
        finding.confidence(),
        finding.hazard(),
        key,
        finding.count(),
        finding.descriptors(),
        evidence,
        finding.firstSeen(),
        finding.ratePerMinute(),
        finding.exhaustion(),
        advice);
  }

  private static String text(int open, int ended, Ends.Seen seen) {
    if (ended == 0) {
      return "of this site %d are open, and none was seen to be closed".formatted(open);
    }
    String others =
        seen.byOthers() == 0
            ? ""
            : ", %d of them by another than had opened them, such as %s"
                .formatted(seen.byOthers(), seen.other());
    return "of this site %d are open, and %d were seen to be closed, of a sample%s"
        .formatted(open, ended, others);
  }
}
