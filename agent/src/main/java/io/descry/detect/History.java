package io.descry.detect;

import java.time.Instant;
import java.util.Arrays;

/**
 * What is remembered of one group: {@value #LEVELS} windows, each of twice the stride of the one
 * before, so that a leak of one per second is seen within half a minute and one of a few per day
 * within weeks, in constant memory. Not safe for use by several threads.
 *
 * <p>A group that has grown and then come back down shows how long its ordinary rises last: for
 * eight times as long as such a rise, only windows of twice its length are believed. Half a rise
 * must go, or a tenth of it when a garbage collection ran just before.
 */
final class History {
  /** Strides up to 8,192 scans: 68 days of scans 30 s apart. */
  static final int LEVELS = 14;

  private static final int REMEMBERED = 8;

  private final boolean bySigns;
  private final Level[] levels = new Level[LEVELS];
  private long collections = -1;
  private int trough;
  private long troughTick = -1;
  private int peak;
  private long peakTick;
  private long ordinaryRise;
  private long ordinaryUntil;

  /**
   * Begins.
   *
   * @param bySigns whether the sign test and the short window may decide: where what has grown must
   *     be much before anything is said
   */
  History(boolean bySigns) {
    this.bySigns = bySigns;
  }

  /**
   * Adds a scan.
   *
   * @param tick number of the scan without gaps
   * @param ages how many scans each counted descriptor is old, 0 at first sight
   * @param collected garbage collections so far
   * @return the growth that this scan shows, over the longest window that does; {@code null} when
   *     none does
   */
  Trend add(long tick, Instant at, int[] ages, long collected) {
    boolean afterCollection = collections >= 0 && collected > collections;
    collections = collected;
    int survivors = (int) Arrays.stream(ages).filter(age -> age >= Level.AGE).count();
    follow(tick, survivors, afterCollection);
    Trend longest = null;
    Trend shortest = null;
    for (int i = 0; i < LEVELS && tick % (1L << i) == 0; i++) {
      int stride = 1 << i;
      if (levels[i] == null) {
        levels[i] = new Level(stride);
      }
      levels[i].add(tick, at, ages);
      Trend trend = believed(tick, stride, Level.STEPS) ? levels[i].trend(bySigns) : null;
      longest = trend == null ? longest : trend;
      if (i == 0 && bySigns && believed(tick, stride, Level.FEW_STEPS)) {
        shortest = levels[i].shortTrend();
      }
    }
    return longest == null ? shortest : longest;
  }

  /** Takes a rise that began at the tick for an ordinary one: it has been taken back. */
  void takenBack(long fromTick, long tick) {
    ordinary(tick - fromTick, tick);
  }

  private boolean believed(long tick, int stride, int steps) {
    return tick >= ordinaryUntil || (long) steps * stride >= 2 * ordinaryRise;
  }

  private void follow(long tick, int survivors, boolean afterCollection) {
    if (troughTick < 0 || survivors <= trough) {
      startFrom(tick, survivors);
    } else if (survivors >= peak) {
      peak = survivors;
      peakTick = tick;
    }
    double rise = peak - trough;
    double fall = afterCollection ? Math.max(2, rise / 10) : Math.max(3, rise / 2);
    if (rise > 0 && peak - survivors >= fall) {
      ordinary(peakTick - troughTick, tick);
      startFrom(tick, survivors);
    }
  }

  private void startFrom(long tick, int survivors) {
    trough = survivors;
    troughTick = tick;
    peak = survivors;
    peakTick = tick;
  }

  private void ordinary(long rise, long tick) {
    if (tick >= ordinaryUntil || rise >= ordinaryRise) {
      ordinaryRise = rise;
      ordinaryUntil = tick + REMEMBERED * Math.max(rise, Level.STEPS);
    }
  }
}
