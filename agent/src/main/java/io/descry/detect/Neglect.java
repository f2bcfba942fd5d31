package io.descry.detect;

import io.descry.os.Identity;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Descriptors of one group that show a {@link Sign} for longer than its bound add up: they began to
 * show it one after the other, evenly over all the time until now, and none was closed after having
 * shown it for long.
 *
 * <p>Where one that showed the sign is closed after all, or shows it no more, the group has proven
 * that it takes its time: from then on the bound is {@value #PATIENCE} times as long as that one
 * took. A burst, and what is held for a while and then closed, therefore make no finding.
 */
final class Neglect implements Rule {
  private static final int PATIENCE = 3;
  private static final int PAUSE = 60;

  /** Longer than a scan's own delay: what lasted shorter than this proves nothing. */
  private static final int PROOF = 2;

  /** Scans. */
  private static final int YOUNG = 3;

  private record Mark(GroupKey key, Identity identity, long first, long since, Instant at) {}

  /** What was found: how many there were, between which scans they were seen to become more. */
  private record Held(Confidence confidence, int size, long from, long to) {}

  private final Sign sign;
  private final Commands commands;
  private final Names names;
  private final Map<GroupKey, Held> held = new HashMap<>();
  private final Map<GroupKey, Long> patience =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<GroupKey, Long> eldest) {
          return size() > Growth.GROUPS;
        }
      };
  private Map<Integer, Mark> marks = Map.of();
  private Instant start;

  Neglect(Sign sign, Commands commands) {
    this.sign = sign;
    this.commands = commands;
    this.names = new Names(sign.rule());
  }

  @Override
  public List<Finding> examine(Scan scan) {
    start = start == null ? scan.at() : start;
    sign.learn(scan);
    Map<Integer, Mark> now = new HashMap<>();
    List<Finding> findings = new ArrayList<>();
    Set<GroupKey> judged = new HashSet<>();
    scan.groups()
        .forEach(
            (key, group) -> {
              Owner owner = key.owner();
              if (owner == Owner.JAVA || owner == Owner.LIBRARY || owner == Owner.FOREIGN) {
                judged.add(key);
                mark(scan, group, now);
              }
            });
    learn(scan.tick(), now);
    marks = now;
    for (GroupKey key : judged) {
      Finding finding = examine(scan, key);
      if (finding != null) {
        findings.add(finding);
      }
    }
    held.keySet().retainAll(judged);
    names.retain(findings.stream().map(Finding::group).toList());
    return findings;
  }

  private void mark(Scan scan, Group group, Map<Integer, Mark> now) {
    for (OwnedDescriptor owned : group.descriptors()) {
      int number = owned.descriptor().number();
      if (sign.shows(scan, owned)) {
        Mark mark = marks.get(number);
        boolean same =
            mark != null
                && mark.first == scan.firstTick(owned)
                && mark.identity.equals(owned.descriptor().identity());
        now.put(number, same ? mark : mark(scan, group.key(), owned));
      }
    }
  }

  private Mark mark(Scan scan, GroupKey key, OwnedDescriptor owned) {
    long since = Math.min(scan.tick(), sign.since(scan, owned));
    return new Mark(
        key,
        owned.descriptor().identity(),
        scan.firstTick(owned),
        since,
        scan.at().minusMillis((long) ((scan.tick() - since) * each(scan))));
  }

  private void learn(long tick, Map<Integer, Mark> now) {
    marks.forEach(
        (number, mark) -> {
          Mark still = now.get(number);
          long took = tick - mark.since;
          if ((still == null || still != mark) && took > PROOF) {
            patience.merge(mark.key, PATIENCE * took, Math::max);
          }
        });
  }

  private Finding examine(Scan scan, GroupKey key) {
    List<OwnedDescriptor> shown = new ArrayList<>();
    long lag = 0;
    Map<String, Long> newest = newest(scan, key);
    for (OwnedDescriptor owned : scan.of(key)) {
      Mark mark = marks.get(owned.descriptor().number());
      if (mark != null && !(sign.sinceBirth() && mark.since > mark.first)) {
        long bound = bound(scan, key, sign.bound(scan, owned));
        String succession = sign.succession(scan, owned);
        boolean succeeded = succession == null || newest.get(succession) >= mark.since + bound;
        if (scan.tick() - mark.since >= bound && succeeded) {
          shown.add(owned);
          lag = Math.max(lag, succession == null ? bound : 2 * bound);
        }
      }
    }
    long[] since =
        shown.stream()
            .mapToLong(owned -> marks.get(owned.descriptor().number()).since)
            .sorted()
            .toArray();
    Held before = held.get(key);
    Sign.Enough enough = sign.enough(key);
    if (since.length >= enough.suspect()
        && Rounds.even(since, scan.tick() - lag, enough.rounds())) {
      boolean probable =
          since.length >= enough.probable()
              || before != null && before.confidence == Confidence.PROBABLE;
      before =
          new Held(
              probable ? Confidence.PROBABLE : Confidence.SUSPECT,
              since.length,
              since[0],
              scan.tick());
      held.put(key, before);
    }
    if (before == null) {
      return null;
    }
    long quiet = scan.tick() - before.to;
    if (2 * since.length < before.size
        || !sign.lasting() && quiet > Math.max(PAUSE, before.to - before.from)) {
      held.remove(key);
      return null;
    }
    boolean doubted = !sign.lasting() && quiet > lag + PAUSE / 4;
    return finding(scan, key, all(scan, key), doubted ? Confidence.SUSPECT : before.confidence);
  }

  /** Once there is a finding, those that show the sign are counted before their time is up. */
  private List<OwnedDescriptor> all(Scan scan, GroupKey key) {
    List<OwnedDescriptor> all = new ArrayList<>();
    long young = Math.max(YOUNG, patience.getOrDefault(key, 0L));
    for (OwnedDescriptor owned : scan.of(key)) {
      Mark mark = marks.get(owned.descriptor().number());
      if (mark != null
          && !(sign.sinceBirth() && mark.since > mark.first)
          && scan.tick() - mark.since
              >= Math.min(young, bound(scan, key, sign.bound(scan, owned)))) {
        all.add(owned);
      }
    }
    return all;
  }

  private Map<String, Long> newest(Scan scan, GroupKey key) {
    Map<String, Long> newest = new HashMap<>();
    for (OwnedDescriptor owned : scan.of(key)) {
      String succession = sign.succession(scan, owned);
      if (succession != null) {
        newest.merge(succession, scan.firstTick(owned), Math::max);
      }
    }
    return newest;
  }

  /** In scans, at the pace at which they have come so far. */
  private long bound(Scan scan, GroupKey key, Sign.Bound bound) {
    long byTime = (long) Math.ceil(bound.time().toMillis() / each(scan));
    return Math.max(Math.max(bound.scans(), byTime), patience.getOrDefault(key, 0L));
  }

  /** From one scan to the next, in milliseconds, in the mean. */
  private double each(Scan scan) {
    return Math.max(1, Duration.between(start, scan.at()).toMillis())
        / (double) Math.max(1, scan.tick() - 1);
  }

  private Finding finding(
      Scan scan, GroupKey key, List<OwnedDescriptor> shown, Confidence confidence) {
    Names.Name name = names.of(key, scan.at());
    shown.sort(Comparator.comparing(OwnedDescriptor::opened));
    Instant first = Instant.MAX;
    Instant last = Instant.MIN;
    for (OwnedDescriptor owned : shown) {
      Instant at = marks.get(owned.descriptor().number()).at;
      first = at.isBefore(first) ? at : first;
      last = at.isAfter(last) ? at : last;
    }
    long span = Duration.between(first, last).toMillis();
    long quiet = Duration.between(last, scan.at()).toMillis();
    double perSecond = span <= 0 || quiet > span ? 0 : (shown.size() - 1) * 1000.0 / span;
    Headroom headroom = Headroom.of(scan.facts());
    List<String> advice = new ArrayList<>(List.of(sign.advice(key)));
    advice.addAll(headroom.advice(commands, key, perSecond));
    return new Finding(
        name.id(),
        sign.rule(),
        confidence,
        false,
        key,
        shown.size(),
        shown,
        sign.evidence(scan, shown, Duration.ofMillis(quiet)),
        name.firstSeen(),
        60 * perSecond,
        headroom.exhaustion(perSecond),
        advice);
  }
}
