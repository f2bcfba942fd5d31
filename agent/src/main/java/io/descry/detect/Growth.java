package io.descry.detect;

import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The survivors of a group keep rising ({@link Level} says what that means). Only what was opened
 * by Java, by a known library or by unknown native code is looked at, and only what {@link
 * Scan#counts} lets count.
 *
 * <p>A finding speaks of the descriptors that were opened since the growth began. There must be
 * more than {@link Thresholds#pool} of them, or more than one in {@value #PART} of the soft limit
 * when that is less, and {@value #MORE} times as many where only the short window of {@link Level}
 * shows the growth: while it fills, a pool looks like a leak, but few pools are larger, or as large
 * so soon; class paths are ({@link ClassPath}), and what Windows' threads bring ({@link
 * WindowsHandles}). When the growth stops, the finding becomes a {@linkplain Confidence#SUSPECT
 * suspect} at once, for a large pool would look the same; when it has stopped for {@value
 * #PATIENCE} times as long as it lasted, there is no finding any more, nor when more than half of
 * what it spoke of when the growth was last seen is closed.
 */
final class Growth implements Rule {
  static final String NAME = "growth";

  /** Groups remembered at most; the smallest are forgotten first. */
  static final int GROUPS = 1024;

  /** Scans without the group after which it is forgotten. */
  static final int ABSENCE = 1024;

  /** Where the soft limit is low, at most one in so many descriptors of it. */
  private static final int PART = 20;

  /** Of what is needed in a window, what is needed in a short one. */
  private static final int MORE = 4;

  /** Scans of no growth before it can be called over. */
  private static final int PAUSE = 60;

  /** So many times as long as the growth lasted, too. */
  private static final int PATIENCE = 4;

  /** Strides without a new rise after which the rate is no longer claimed. */
  private static final int FRESH = 8;

  private static final class Subject {
    final History history = new History(true);
    Held held;
    int counted;
    long seen;
  }

  /** Growth that was seen: of what was opened between two ticks, so many were open at the later. */
  private record Held(long from, long to, int size, Trend trend, long trendTick) {}

  private final GrowthText text;
  private final int pool;
  private final Names names = new Names(NAME);
  private final Map<GroupKey, Subject> subjects = new HashMap<>();
  private double perSecond;

  Growth(Commands commands, NativeLibraries libraries, Thresholds thresholds) {
    pool = thresholds.pool();
    text = new GrowthText(commands, libraries);
  }

  @Override
  public List<Finding> examine(Scan scan) {
    for (Group group : scan.groups().values()) {
      Owner owner = group.key().owner();
      if ((owner == Owner.JAVA || owner == Owner.LIBRARY || owner == Owner.FOREIGN)
          && !WindowsHandles.leftToCollector(group.key())) {
        subjects.computeIfAbsent(group.key(), any -> new Subject()).seen = scan.tick();
      }
    }
    Map<GroupKey, Finding> findings = new LinkedHashMap<>();
    perSecond = 0;
    subjects.forEach(
        (key, subject) -> {
          Finding finding = examine(scan, key, subject);
          if (finding != null) {
            findings.put(key, finding);
            perSecond += finding.ratePerMinute() / 60;
          }
        });
    names.retain(findings.keySet());
    forget(scan.tick());
    return List.copyOf(findings.values());
  }

  /** The sum of the rates of all that grows, per second. */
  double perSecond() {
    return perSecond;
  }

  int remembered() {
    return subjects.size();
  }

  private Finding examine(Scan scan, GroupKey key, Subject subject) {
    List<OwnedDescriptor> counted = new ArrayList<>();
    for (OwnedDescriptor owned : scan.of(key)) {
      if (scan.counts(owned)) {
        counted.add(owned);
      }
    }
    subject.counted = counted.size();
    Trend trend =
        subject.history.add(
            scan.tick(),
            scan.at(),
            counted.stream().mapToInt(owned -> owned.scans() - 1).toArray(),
            scan.facts().collections().count());
    if (trend != null) {
      subject.held = renewed(scan, subject.held, trend, counted);
    }
    Held held = subject.held;
    if (held == null) {
      return null;
    }
    if (2 * opened(scan, counted, held.from(), held.to()).size() < held.size()) {
      subject.history.takenBack(held.from(), scan.tick());
      subject.held = null;
      return null;
    }
    if (scan.tick() - held.to() > Math.max(PAUSE, PATIENCE * (held.to() - held.from()))) {
      subject.held = null;
      return null;
    }
    List<OwnedDescriptor> leaked = leaked(scan, counted, held);
    int times = held.trend().steps() < Level.STEPS ? MORE : 1;
    return leaked.size() <= times * most(scan, key) ? null : finding(scan, key, held, leaked);
  }

  /** What was opened since the growth began; all there is when it came as evenly from the first. */
  private static List<OwnedDescriptor> leaked(Scan scan, List<OwnedDescriptor> counted, Held held) {
    List<OwnedDescriptor> all = opened(scan, counted, 0, scan.tick());
    long[] ticks = all.stream().mapToLong(scan::firstTick).toArray();
    boolean even = Rounds.even(ticks, scan.tick() - Level.AGE, Level.STEPS / 2);
    return even ? all : opened(scan, counted, held.from(), scan.tick());
  }

  private long most(Scan scan, GroupKey key) {
    int times = ClassPath.opened(key) ? ClassPath.TIMES : 1;
    long soft = scan.facts().limits().soft();
    long most =
        soft < 0
            ? times * pool
            : Math.min(times * pool, Math.max(Level.STEPS, times * soft / PART));
    return most + WindowsHandles.ofThreads(key, scan.facts().groups());
  }

  private static Held renewed(Scan scan, Held held, Trend trend, List<OwnedDescriptor> counted) {
    long tick = scan.tick();
    long from = held == null ? trend.fromTick() : Math.min(held.from(), trend.fromTick());
    boolean keep =
        held != null
            && held.trend().length() > trend.length()
            && tick - held.trendTick() <= (long) FRESH * held.trend().stride();
    return new Held(
        from,
        tick,
        opened(scan, counted, from, tick).size(),
        keep ? held.trend() : trend,
        keep ? held.trendTick() : tick);
  }

  private static List<OwnedDescriptor> opened(
      Scan scan, List<OwnedDescriptor> counted, long from, long to) {
    return counted.stream()
        .filter(owned -> owned.scans() > Level.AGE)
        .filter(owned -> scan.firstTick(owned) >= from && scan.firstTick(owned) <= to)
        .sorted(Comparator.comparing(OwnedDescriptor::opened))
        .toList();
  }

  private Finding finding(Scan scan, GroupKey key, Held held, List<OwnedDescriptor> leaked) {
    Names.Name name = names.of(key, scan.at());
    long quiet = scan.tick() - held.to();
    boolean growing = quiet <= (long) FRESH * held.trend().stride();
    double rate = growing ? held.trend().perSecond() : 0;
    return new Finding(
        name.id(),
        NAME,
        growing ? Confidence.PROBABLE : Confidence.SUSPECT,
        false,
        key,
        leaked.size(),
        leaked,
        text.evidence(scan, key, held.trend(), leaked, growing ? 0 : quiet),
        name.firstSeen(),
        60 * rate,
        Headroom.of(scan.facts()).exhaustion(rate),
        text.advice(scan, key, leaked, rate));
  }

  private void forget(long tick) {
    subjects.values().removeIf(subject -> subject.held == null && tick - subject.seen > ABSENCE);
    if (subjects.size() > GROUPS) {
      List<GroupKey> smallestFirst = new ArrayList<>(subjects.keySet());
      smallestFirst.sort(
          Comparator.comparing((GroupKey key) -> subjects.get(key).held != null)
              .thenComparing(key -> subjects.get(key).counted));
      smallestFirst.subList(0, subjects.size() - GROUPS).forEach(subjects::remove);
    }
  }
}
