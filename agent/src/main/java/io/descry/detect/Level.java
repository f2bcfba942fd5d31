package io.descry.detect;

import java.time.Instant;
import java.util.Arrays;

/**
 * The last {@value #POINTS} points of one group's history at one resolution, and the test for
 * growth over them.
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
 * number, so that the threshold of {@value #THRESHOLD} needs fifteen separate rises at least; a few
 * bursts never reach it. Mean-reverting noise makes the sum of squares larger and the test
 * stricter.
 *
 * <p>What rises and then stays is told from what keeps rising by four more demands: growth in every
 * sixth of the window, at its very beginning and its very end, at a rate that does not decline, and
 * next to no survivor lost.
 */
final class Level {
  static final int STEPS = 24;
  static final int POINTS = STEPS + 1;
  static final int AGE = 2;
  static final double THRESHOLD = 3.8;

  private static final int PARTS = 6;
  private static final int THIRD = STEPS / 3;

  /** Of the mean growth, what each part must show at least. */
  private static final double EVENNESS = 0.25;

  /** Of the first third's growth, what the last third must show at least. */
  private static final double STEADINESS = 0.8;

  /** Of those that became survivors, how many may have gone. */
  private static final double LOSS = 0.03;

  private final int stride;
  private final long[] ticks = new long[POINTS];
  private final long[] times = new long[POINTS];
  private final int[] survivors = new int[POINTS];
  private final int[] gained = new int[POINTS];
  private final int[] lost = new int[POINTS];
  private int points;

  Level(int stride) {
    this.stride = stride;
  }

  /**
   * Adds a point.
   *
   * @param ages how many scans each counted descriptor is old, 0 at first sight
   */
  void add(long tick, Instant at, int[] ages) {
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
    if (points == POINTS) {
      shift();
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

  private void shift() {
    System.arraycopy(ticks, 1, ticks, 0, STEPS);
    System.arraycopy(times, 1, times, 0, STEPS);
    System.arraycopy(survivors, 1, survivors, 0, STEPS);
    System.arraycopy(gained, 1, gained, 0, STEPS);
    System.arraycopy(lost, 1, lost, 0, STEPS);
    points--;
  }

  /**
   * The growth over the whole window; {@code null} when there is none or the window is not full.
   */
  Trend trend() {
    if (points < POINTS) {
      return null;
    }
    int rise = survivors[STEPS] - survivors[0];
    double z = rise / Math.sqrt(sumOfSquares());
    if (rise <= 0 || z < THRESHOLD || !everywhere(rise) || slowing() || sum(lost) > allowed()) {
      return null;
    }
    double slope = slopePerSecond();
    if (slope <= 0) {
      return null;
    }
    return new Trend(
        ticks[0] - (long) AGE * stride + 1,
        stride,
        Instant.ofEpochMilli(times[0]),
        Instant.ofEpochMilli(times[STEPS]),
        survivors[0],
        survivors[STEPS],
        sum(lost),
        slope,
        Math.exp(-z * z / 2));
  }

  private double sumOfSquares() {
    double squares = 0;
    for (int i = 1; i < POINTS; i++) {
      squares += Math.pow(step(i), 2);
    }
    return Math.max(1, squares);
  }

  private boolean everywhere(int rise) {
    int part = STEPS / PARTS;
    for (int from = 0; from < STEPS; from += part) {
      if (!grows(from, part, rise)) {
        return false;
      }
    }
    return grows(0, 2, rise) && grows(STEPS - 2, 2, rise);
  }

  private boolean grows(int from, int steps, int rise) {
    int here = survivors[from + steps] - survivors[from];
    return here >= 1 && here >= EVENNESS * rise * steps / STEPS;
  }

  private boolean slowing() {
    int first = survivors[THIRD] - survivors[0];
    int last = survivors[STEPS] - survivors[STEPS - THIRD];
    double successive = 0;
    for (int i = 2; i < POINTS; i++) {
      successive += Math.pow(step(i) - step(i - 1), 2) / 2 / (STEPS - 1);
    }
    double deviation = Math.sqrt(Math.max(2 * THIRD * successive, first + last));
    return last < STEADINESS * first || first - last > deviation / 2;
  }

  private double allowed() {
    return LOSS * sum(gained);
  }

  private int step(int i) {
    return survivors[i] - survivors[i - 1];
  }

  /** Over the steps only: the first point's own numbers belong to the step before it. */
  private static int sum(int[] values) {
    int sum = 0;
    for (int i = 1; i < POINTS; i++) {
      sum += values[i];
    }
    return sum;
  }

  private double slopePerSecond() {
    double[] slopes = new double[POINTS * STEPS / 2];
    int count = 0;
    for (int i = 0; i < POINTS; i++) {
      for (int j = i + 1; j < POINTS; j++) {
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
