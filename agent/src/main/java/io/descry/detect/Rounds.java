package io.descry.detect;

import java.util.Arrays;

/** Tells what happens again and again from a burst, a warm-up and what has stopped. */
final class Rounds {
  private static final int PARTS = 4;

  /** Of the mean, what each part must show at least. */
  private static final double EVENNESS = 0.25;

  /** Of the first half, what the second must show at least. */
  private static final double STEADINESS = 0.6;

  private Rounds() {}

  /**
   * Whether events are spread over all the time from the first until a tick: in so many different
   * scans, in every quarter, and not fewer and fewer.
   *
   * @param ticks ascending; later ones than {@code until} are left out
   */
  static boolean even(long[] ticks, long until, int rounds) {
    long[] counted = Arrays.stream(ticks).filter(tick -> tick <= until).toArray();
    if (counted.length == 0 || Arrays.stream(counted).distinct().count() < rounds) {
      return false;
    }
    long span = until - counted[0] + 1;
    int[] parts = new int[PARTS];
    for (long tick : counted) {
      parts[(int) ((tick - counted[0]) * PARTS / span)]++;
    }
    double mean = counted.length / (double) PARTS;
    return Arrays.stream(parts).allMatch(part -> part >= 1 && part >= EVENNESS * mean)
        && parts[2] + parts[3] >= STEADINESS * (parts[0] + parts[1]);
  }
}
