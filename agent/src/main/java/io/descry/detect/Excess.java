package io.descry.detect;

import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far what is open exceeds what the application expects, of one description, over the scans.
 *
 * <p>What counts is what was open in each of the last {@value #SETTLED} scans, less the most that
 * was expected in any of them: so many at least are in no book. What is opened before it is booked,
 * and struck out before it is closed, is no excess, unless either takes long. Where the excess goes
 * down again, the group has proven that it takes its time, and from then on every rise must last
 * {@value #PATIENCE} times as long as that one did.
 *
 * <p>Only what exceeds the least excess ever seen counts: a description that takes in a few more
 * than the application counts is inexact, and no sign of a leak.
 */
final class Excess {
  static final int SETTLED = 8;
  private static final Duration LASTING = Duration.ofSeconds(15);
  private static final int PATIENCE = 3;

  /** Rises remembered; an excess beyond that is as bad as one of that. */
  private static final int MOST = 4096;

  /** Shorter than this is the scan's own delay. */
  private static final int PROOF = 2;

  /** By one more at that scan, and not less ever since. */
  private record Rise(long tick, Instant at) {}

  private final Deque<Integer> expected = new ArrayDeque<>();
  private final List<Rise> rises = new ArrayList<>();
  private Map<GroupKey, Integer> before = Map.of();
  private int least = -1;
  private long patience;
  private long firstTick;
  private Instant first;
  private boolean settled;

  /**
   * Takes in a scan.
   *
   * @param meant the groups that the description takes in, those of their descriptors that are
   *     {@linkplain #isSettled settled}
   */
  void add(Scan scan, Expectation expectation, Map<GroupKey, List<OwnedDescriptor>> meant) {
    if (first == null) {
      first = scan.at();
      firstTick = scan.tick();
    }
    if (expectation.count() < 0) {
      expected.clear();
    } else {
      expected.addLast(expectation.count());
      if (expected.size() > SETTLED) {
        expected.removeFirst();
      }
    }
    settled = expected.size() == SETTLED;
    if (!settled) {
      return;
    }
    int open = meant.values().stream().mapToInt(List::size).sum();
    int excess = Math.max(0, open - most());
    least = least < 0 ? excess : Math.min(least, excess);
    follow(scan, Math.min(MOST, excess - least));
    if (rises.isEmpty()) {
      before = new HashMap<>();
      meant.forEach((key, owned) -> before.put(key, owned.size()));
    }
  }

  private void follow(Scan scan, int excess) {
    while (rises.size() > excess) {
      long took = scan.tick() - rises.remove(rises.size() - 1).tick();
      patience = took > PROOF ? Math.max(patience, PATIENCE * took) : patience;
    }
    while (rises.size() < excess) {
      rises.add(new Rise(scan.tick(), scan.at()));
    }
  }

  /** Whether the descriptor has been open for as long as the expectations are remembered. */
  static boolean isSettled(OwnedDescriptor owned) {
    return owned.scans() >= SETTLED;
  }

  /** The most that was expected in any of the last scans. */
  int most() {
    return expected.stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** How many have always been in excess. */
  int least() {
    return Math.max(0, least);
  }

  /**
   * By how many more what is open has exceeded what is expected for long; 0 when that is not known.
   */
  int lasting(Scan scan) {
    long bound = bound(scan);
    return settled
        ? (int) rises.stream().filter(rise -> scan.tick() - rise.tick() >= bound).count()
        : 0;
  }

  /** Whether it has come up evenly until now, in so many different scans. */
  boolean isRising(Scan scan, int rounds) {
    long[] ticks = rises.stream().mapToLong(Rise::tick).toArray();
    return settled && Rounds.even(ticks, scan.tick() - bound(scan), rounds);
  }

  /** In how many different scans the lasting excess came up. */
  long rounds(Scan scan) {
    return rises.stream().limit(lasting(scan)).map(Rise::tick).distinct().count();
  }

  /** The scan of the first rise, and of those that opened what made it. */
  long since() {
    return rises.get(0).tick() - SETTLED;
  }

  /** For how long at least so many have been in excess. */
  Duration age(Scan scan, int many) {
    return Duration.between(rises.get(many - 1).at(), scan.at());
  }

  /** Per second, of the lasting ones; 0 when no more came for as long as they took to come. */
  double perSecond(Scan scan) {
    int many = lasting(scan);
    if (many < 2) {
      return 0;
    }
    Instant last = rises.get(many - 1).at();
    long span = Duration.between(rises.get(0).at(), last).toMillis();
    long quiet = Duration.between(last, scan.at()).toMillis();
    return span <= 0 || quiet > span + LASTING.toMillis() ? 0 : (many - 1) * 1000.0 / span;
  }

  /** How many settled descriptors the group had when there was no excess. */
  int before(GroupKey key) {
    return before.getOrDefault(key, 0);
  }

  /** In scans, at the pace at which they have come so far. */
  private long bound(Scan scan) {
    double each =
        Math.max(1, Duration.between(first, scan.at()).toMillis())
            / (double) Math.max(1, scan.tick() - firstTick);
    return Math.max(Math.max(SETTLED, (long) Math.ceil(LASTING.toMillis() / each)), patience);
  }
}
