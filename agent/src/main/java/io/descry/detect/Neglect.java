package io.descry.detect;

import io.descry.os.Identity;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Numbered;
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

  /** Since when a descriptor shows the sign. */
  private static final class Mark {
    final GroupKey key;
    final Identity identity;
    final long first;
    final long since;
    final Instant at;

    /** The last scan in which it did. */
    long tick;

    Mark(GroupKey key, Identity identity, long first, long since, Instant at) {
      this.key = key;
      this.identity = identity;
      this.first = first;
      this.since = since;
      this.at = at;
    }
  }

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
  private final Numbered<Mark> marks = new Numbered<>();

  /** Those of this scan that show the sign, by group. */
  private final Map<GroupKey, List<OwnedDescriptor>> shows = new HashMap<>();

  private Instant start;

  Neglect(Sign sign, Commands commands) {
    this.sign = sign;
    this.commands = commands;
    this.names = new Names(sign.rule());
  }

  @Override
  public String unseenOnWindows() {
    return sign.servesWindows() ? null : sign.rule();
  }

  @Override
  public List<Finding> examine(Scan scan) {
    start = start == null ? scan.at() : start;
    sign.learn(scan);
    shows.clear();
    List<Finding> findings = new ArrayList<>();
    Set<GroupKey> judged = new HashSet<>();
    scan.groups()
        .forEach(
            (key, group) -> {
              Owner owner = key.owner();
              if (owner == Owner.JAVA || owner == Owner.LIBRARY || owner == Owner.FOREIGN) {
                judged.add(key);
                if (sign.concerns(key)) {
                  mark(scan, group);
                }
              }
            });
    marks.retain(mark -> isShown(scan.tick(), mark));
    for (GroupKey key : judged) {
      List<OwnedDescriptor> showing = shows.getOrDefault(key, List.of());
      boolean nothing = showing.isEmpty() && !held.containsKey(key);
      Finding finding = nothing ? null : examine(scan, key, showing);
      if (finding != null) {
        findings.add(finding);
      }
    }
    held.keySet().retainAll(judged);
    names.retain(findings.stream().map(Finding::group).toList());
    return findings;
  }

  private void mark(Scan scan, Group group) {
    List<OwnedDescriptor> showing = new ArrayList<>();
    for (OwnedDescriptor owned : group.descriptors()) {
      if (sign.shows(scan, owned)) {
        showing.add(owned);
        int number = owned.descriptor().number();
        Mark mark = marks.get(number);
        boolean same =
            mark != null
                && mark.first == scan.firstTick(owned)
                && mark.identity.equals(owned.descriptor().identity());
        if (!same) {
          if (mark != null) {
            learn(scan.tick(), mark);
          }
          mark = mark(scan, group.key(), owned);
          marks.put(number, mark);
        }
        mark.tick = scan.tick();
      }
    }
    if (!showing.isEmpty()) {
      shows.put(group.key(), showing);
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

  private boolean isShown(long tick, Mark mark) {
    if (mark.tick != tick) {
      learn(tick, mark);
    }
    return mark.tick == tick;
  }

  /** That one shows the sign no more. */
  private void learn(long tick, Mark mark) {
    long took = tick - mark.since;
    if (took > PROOF) {
      patience.merge(mark.key, PATIENCE * took, Math::max);
    }
  }

  private Finding examine(Scan scan, GroupKey key, List<OwnedDescriptor> showing) {
    List<OwnedDescriptor> shown = new ArrayList<>();
    long lag = 0;
    Map<String, Long> newest = showing.isEmpty() ? Map.of() : newest(scan, key);
    for (OwnedDescriptor owned : showing) {
      Mark mark = marks.get(owned.descriptor().number());
      if (!(sign.sinceBirth() && mark.since > mark.first)) {
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
    return finding(
        scan, key, all(scan, key, showing), doubted ? Confidence.SUSPECT : before.confidence);
  }

  /** Once there is a finding, those that show the sign are counted before their time is up. */
  private List<OwnedDescriptor> all(Scan scan, GroupKey key, List<OwnedDescriptor> showing) {
    List<OwnedDescriptor> all = new ArrayList<>();
    long young = Math.max(YOUNG, patience.getOrDefault(key, 0L));
    for (OwnedDescriptor owned : showing) {
      Mark mark = marks.get(owned.descriptor().number());
      if (!(sign.sinceBirth() && mark.since > mark.first)
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
