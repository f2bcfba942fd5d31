package io.descry.detect;

import java.time.Instant;
import java.util.Arrays;

/**
 * The latest points of one group's history at one resolution, and the test for growth over a window
 * of the last {@value #STEPS} steps between them, or of {@value #FEW_STEPS} where that is enough.
 *
 * <p>A point counts survivors: descriptors at least {@value #AGE} strides old. What lives shorter
 * than that, however much of it there is, does not show at this resolution, which is why a leak
 * beneath healthy traffic becomes visible at a coarser one.
 *
 * <p>Counts of open descriptors are strongly autocorrelated (a busy server's are close to a random
 * walk), so that a Mann-Kendall test of the counts themselves finds trends in pure noise. The
 * <em>steps</em> between points are tested instead: for independent steps of any size that are as
 * likely up as down, the sum divided by the root of the sum of squares exceeds z with a probability
 * of at most exp(-z²/2) (Hoeffding's inequality for signs). Equal steps up give the root of their
 * number, so that the threshold of {@value #THRESHOLD} needs fifteen separate rises at least, and
 * that of {@value #THRESHOLD_WHEN_NEW} eighteen; a few bursts never reach it. Mean-reverting noise
 * makes the sum of squares larger and the test stricter.
 *
 * <p>What rises and then stays is told from what keeps rising by four more demands: growth in every
 * sixth of the window, at its very beginning and its very end; a rate that does not decline within
 * the window, nor against the window before; and next to no survivor lost.
 *
 * <p>Where no step goes down and none is lost, the plain sign test says more: so many rises and no
 * fall have a probability of at most one half to the power of their number, however unequal they
 * are. It alone decides over the short window, in which all but {@value #STILL} steps must rise.
 */
final class Level {
  static final int STEPS = 24;

  /** Of the short window. */
  static final int FEW_STEPS = 14;

  static final int AGE = 2;
  static final double THRESHOLD = 3.8;

  /** While little is known from before the window: it may be a warm-up. */
  static final double THRESHOLD_WHEN_NEW = 4.2;

  private static final double LN_2 = Math.log(2);
  private static final int KEPT = 2 * STEPS + 1;

  /** Steps of each part of a window that must show growth. */
  private static final int PART = 4;

  /** Of the short window's steps, how many may be without growth. */
  private static final int STILL = 1;

  /** Of the mean growth, what each part must show at least. */
  private static final double EVENNESS = 0.25;

  /** Of the first third's growth, what the last third must show at least. */
  private static final double STEADINESS = 0.8;

  /** Of the rate before the window, what the window must show at least. */
  private static final double CONTINUITY = 0.6;

  /** Growth before the window that says nothing of a rate. */
  private static final int LITTLE = 5;

  /** Of those that became survivors, how many may have gone. */
  private static final double LOSS = 0.03;

  private final int stride;
  private final long[] ticks = new long[KEPT];
  private final long[] times = new long[KEPT];
  private final int[] survivors = new int[KEPT];
  private final int[] gained = new int[KEPT];
  private final int[] lost = new int[KEPT];
  private int points;

  /** Until then nothing can be a survivor, and no growth means nothing. */
  private int young = AGE;

  Level(int stride) {
    this.stride = stride;
  }

  /**
   * Adds a point.
   *
   * @param ages how many scans each counted descriptor is old, 0 at first sight
   */
  void add(long tick, Instant at, int[] ages) {
    if (young > 0) {
      young--;
      return;
    }
    int alive = 0;
    int fresh = 0;
    for (int age : ages) {
      if (age >= AGE * stride) {
        alive++;
        if (age < (AGE + 1) * stride) {
          fresh++;
        }
      }
    }
    if (points == KEPT) {
      for (Object series : new Object[] {ticks, times, survivors, gained, lost}) {
        System.arraycopy(series, 1, series, 0, KEPT - 1);
      }
      points--;
    }
    int gone = points == 0 ? 0 : survivors[points - 1] + fresh - alive;
    ticks[points] = tick;
    times[points] = at.toEpochMilli();
    survivors[points] = alive;
    // Fewer gone than none: old descriptors have begun to count, such as sockets whose peer left.
    gained[points] = fresh - Math.min(0, gone);
    lost[points] = Math.max(0, gone);
    points++;
  }

  /**
   * The growth over the last window; {@code null} when there is none or the window is not full.
   *
   * @param bySigns whether the sign test may decide, too
   */
  Trend trend(boolean bySigns) {
    int start = points - 1 - STEPS;
    if (start < 0) {
      return null;
    }
    double z = rise(start, STEPS) / Math.sqrt(sumOfSquares(start));
    if (bySigns) {
      z = Math.max(z, signs(start, STEPS));
    }
    return z < (start < STEPS / 3 ? THRESHOLD_WHEN_NEW : THRESHOLD) || slower(start)
        ? null
        : trend(start, STEPS, z);
  }

  /** The growth over the last short window, likewise. */
  Trend shortTrend() {
    int start = points - 1 - FEW_STEPS;
    if (start < 0) {
      return null;
    }
    double z = signs(start, FEW_STEPS);
    return z * z < 2 * LN_2 * (FEW_STEPS - STILL) - 1e-9 ? null : trend(start, FEW_STEPS, z);
  }

  private Trend trend(int start, int steps, double z) {
    int rise = rise(start, steps);
    int gone = sum(lost, start, steps);
    if (rise <= 0
        || !everywhere(start, steps)
        || slowing(start, steps)
        || gone > LOSS * sum(gained, start, steps)) {
      return null;
    }
    double slope = slopePerSecond(start, steps);
    return slope <= 0
        ? null
        : new Trend(
            // One stride more, for what the window's first point itself had gained.
            ticks[start] - (AGE + 1L) * stride + 1,
            stride,
            steps,
            Instant.ofEpochMilli(times[start]),
            Instant.ofEpochMilli(times[start + steps]),
            survivors[start],
            survivors[start + steps],
            gone,
            slope,
            Math.exp(-z * z / 2));
  }

  /** What the sign test says, as a z of the other test; 0 where a step went down. */
  private double signs(int start, int steps) {
    int rises = 0;
    for (int i = start; i < start + steps; i++) {
      int step = rise(i, 1);
      if (step < 0 || lost[i + 1] > 0) {
        return 0;
      }
      rises += step > 0 ? 1 : 0;
    }
    return Math.sqrt(2 * LN_2 * rises);
  }

  private int rise(int from, int steps) {
    return survivors[from + steps] - survivors[from];
  }

  private double sumOfSquares(int start) {
    double squares = 0;
    for (int i = 0; i < STEPS; i++) {
      squares += Math.pow(rise(start + i, 1), 2);
    }
    return Math.max(1, squares);
  }

  private boolean everywhere(int start, int steps) {
    double mean = rise(start, steps) / (double) steps;
    for (int i = 0; i < steps; i += PART) {
      if (!grows(start + i, Math.min(PART, steps - i), mean)) {
        return false;
      }
    }
    return grows(start, 2, mean) && grows(start + steps - 2, 2, mean);
  }

  private boolean grows(int from, int steps, double mean) {
    int here = rise(from, steps);
    return here >= 1 && here >= EVENNESS * mean * steps;
  }

  /** Whether the last third grew less than the first, by more than chance readily explains. */
  private boolean slowing(int start, int steps) {
    int third = steps / 3;
    int first = rise(start, third);
    int last = rise(start + steps - third, third);
    double variance = 0;
    for (int i = 1; i < steps; i++) {
      variance += Math.pow(rise(start + i, 1) - rise(start + i - 1, 1), 2) / 2 / (steps - 1);
    }
    double deviation = Math.sqrt(Math.max(2 * third * variance, first + last));
    return last < STEADINESS * first || first - last > deviation / 2;
  }

  /** Whether the growth was faster before the window: what is seen is the end of something. */
  private boolean slower(int start) {
    int before = rise(0, start);
    return before >= LITTLE && rise(start, STEPS) * start < CONTINUITY * before * STEPS;
  }

  /** Over a window's steps. */
  private static int sum(int[] values, int start, int steps) {
    int sum = 0;
    for (int i = start + 1; i <= start + steps; i++) {
      sum += values[i];
    }
    return sum;
  }

  /** Theil-Sen: the median of the slopes between all pairs of points. */
  private double slopePerSecond(int start, int steps) {
    double[] slopes = new double[(steps + 1) * steps / 2];
    int count = 0;
    for (int i = start; i <= start + steps; i++) {
      for (int j = i + 1; j <= start + steps; j++) {
        if (times[j] > times[i]) {
          slopes[count++] = (survivors[j] - survivors[i]) * 1000.0 / (times[j] - times[i]);
        }
      }
    }
    if (count == 0) {
      return 0;
    }
    Arrays.sort(slopes, 0, count);
    return (slopes[(count - 1) / 2] + slopes[count / 2]) / 2;
  }
}
