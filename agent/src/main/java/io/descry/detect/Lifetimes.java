package io.descry.detect;

import java.time.Duration;
import java.util.Arrays;

/**
 * How long the descriptors of one site lived: a histogram of {@value #BUCKETS} buckets, so that two
 * can be added up. The first holds all up to a millisecond; from there on four make up twice the
 * time, up to 52 days and more in the last.
 */
final class Lifetimes {
  /** What is shorter than 2^20 ns, about a millisecond, is not told apart. */
  private static final int LOWEST = 20;

  private static final int PARTS = 4;
  private static final int OCTAVES = 32;
  private static final int BUCKETS = 1 + OCTAVES * PARTS;

  private final int[] counts = new int[BUCKETS];
  private int total;

  /** Adds one that lived so long, or less. */
  void add(Duration lived) {
    counts[bucket(lived.toNanos())]++;
    total++;
  }

  /** Adds all of another. */
  void add(Lifetimes other) {
    Arrays.setAll(counts, i -> counts[i] + other.counts[i]);
    total += other.total;
  }

  int total() {
    return total;
  }

  /** What no more than one in so many have lived longer than, rounded up by a quarter at most. */
  Duration allButOneIn(int many) {
    int longer = total;
    for (int i = 0; i < BUCKETS; i++) {
      longer -= counts[i];
      if ((long) longer * many <= total) {
        return Duration.ofNanos(longestIn(i));
      }
    }
    throw new IllegalStateException("more than all");
  }

  private static int bucket(long nanos) {
    if (nanos < 1L << LOWEST) {
      return 0;
    }
    int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
    int part = (int) (nanos >>> (octave - 2)) & (PARTS - 1);
    return Math.min(BUCKETS - 1, 1 + (octave - LOWEST) * PARTS + part);
  }

  private static long longestIn(int bucket) {
    if (bucket == BUCKETS - 1) {
      return Long.MAX_VALUE;
    }
    int octave = LOWEST + (bucket - 1) / PARTS;
    int part = (bucket - 1) % PARTS;
    return bucket == 0 ? (1L << LOWEST) - 1 : ((PARTS + part + 1L) << (octave - 2)) - 1;
  }
}
