package io.descry.detect;

import io.descry.os.Identity;
import io.descry.reconcile.GarbageCollections;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The Java object that owned a number was garbage-collected and the number is still open: nothing
 * can close it any more. Believed when two scans in a row show it of the same descriptor, never
 * from one.
 */
final class OwnerUnreachable implements Rule {
  static final String NAME = "owner-unreachable";

  /** Fewer than these are no rate to foretell an end from. */
  private static final int ENOUGH = 10;

  private final Commands commands;
  private final Names names = new Names(NAME);
  private Map<Integer, Identity> before = Map.of();

  OwnerUnreachable(Commands commands) {
    this.commands = commands;
  }

  @Override
  public List<Finding> examine(Scan scan) {
    Map<Integer, Identity> unreachable = new HashMap<>();
    List<Finding> findings = new ArrayList<>();
    scan.groups()
        .forEach(
            (key, group) -> {
              List<OwnedDescriptor> twice = new ArrayList<>();
              for (OwnedDescriptor owned : group.descriptors()) {
                if (owned.ownerUnreachable()) {
                  int number = owned.descriptor().number();
                  Identity identity = owned.descriptor().identity();
                  unreachable.put(number, identity);
                  if (owned.scans() >= 2 && identity.equals(before.get(number))) {
                    twice.add(owned);
                  }
                }
              }
              if (!twice.isEmpty()) {
                twice.sort(Comparator.comparing(OwnedDescriptor::opened));
                findings.add(finding(scan, key, twice));
              }
            });
    before = unreachable;
    names.retain(findings.stream().map(Finding::group).toList());
    return findings;
  }

  private Finding finding(Scan scan, GroupKey key, List<OwnedDescriptor> lost) {
    Names.Name name = names.of(key, scan.at());
    double perMinute = ratePerMinute(lost, scan.at());
    double perSecond = lost.size() < ENOUGH ? 0 : perMinute / 60;
    Headroom headroom = Headroom.of(scan.facts());
    List<String> advice = new ArrayList<>();
    advice.add(
        "Close it where it is opened%s: try-with-resources, or close() in finally; nothing else will."
            .formatted(key.site().applicationFrame().map(frame -> ", " + frame).orElse("")));
    advice.addAll(headroom.advice(commands, key, perSecond));
    return new Finding(
        name.id(),
        NAME,
        Confidence.CERTAIN,
        false,
        key,
        lost.size(),
        lost,
        List.of(
            new Evidence(
                "unreachable",
                "%d %s still open though the Java object that owned %s was garbage-collected; two scans in a row agree%s"
                    .formatted(
                        lost.size(),
                        lost.size() == 1 ? "descriptor is" : "descriptors are",
                        lost.size() == 1 ? "it" : "each",
                        lastFull(scan.facts().collections())),
                commands.afterCollection(commands.list(lost)))),
        name.firstSeen(),
        perMinute,
        headroom.exhaustion(perSecond),
        advice);
  }

  /** What was dropped after that collection may be as unreachable, and nobody knows it yet. */
  private static String lastFull(GarbageCollections collections) {
    return collections.lastFull() == null
        ? ""
        : "; the last full garbage collection ended at "
            + collections.lastFull().truncatedTo(ChronoUnit.SECONDS)
            + ", what was forgotten since then is not among them";
  }

  /** From the times of opening; 0 once none has been opened in the last third of the time. */
  private static double ratePerMinute(List<OwnedDescriptor> lost, Instant now) {
    Instant first = lost.get(0).opened();
    long span = Duration.between(first, now).toMillis();
    long quiet = Duration.between(lost.get(lost.size() - 1).opened(), now).toMillis();
    return lost.size() < 2 || span <= 0 || quiet * 3 > span
        ? 0
        : (lost.size() - 1) * 60_000.0 / span;
  }
}
