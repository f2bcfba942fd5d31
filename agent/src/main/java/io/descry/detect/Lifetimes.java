package io.descry.detect;

import java.util.Arrays;

/**
 * How long the descriptors of one site lived, in scans: a histogram of {@value #BUCKETS} buckets of
 * which each is twice as wide as the one before, so that two can be added up.
 */
final class Lifetimes {
  private static final int BUCKETS = 32;
  private final int[] counts = new int[BUCKETS];
  private int total;

  /** Adds one that was closed after it had been seen in so many scans, at least 1. */
  void add(int scans) {
    counts[bucket(scans)]++;
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

  /** How many scans no more than one in so many have lived longer than, rounded up. */
  long allButOneIn(int many) {
    int longer = total;
    for (int i = 0; i < BUCKETS; i++) {
      longer -= counts[i];
      if ((long) longer * many <= total) {
        return (1L << (i + 1)) - 1;
      }
    }
    throw new IllegalStateException("more than all");
  }

  /** Those of 1 scan in the first bucket, 2 and 3 in the second, 4 to 7 in the third. */
  private static int bucket(int scans) {
    return 31 - Integer.numberOfLeadingZeros(Math.max(1, scans));
  }
}
