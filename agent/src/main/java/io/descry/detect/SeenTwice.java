package io.descry.detect;

import java.util.HashMap;
import java.util.Map;

/**
 * Tells when something has been seen by two scans, once. They need not follow each other: where
 * there are very many threads or children, a scan asks some of them.
 *
 * @param <K> what was seen
 */
final class SeenTwice<K> {
  private static final int FORGOTTEN = 64;

  private static final class Sight {
    final long first;
    long last;
    boolean told;

    Sight(long first) {
      this.first = first;
    }
  }

  private final Map<K, Sight> sights = new HashMap<>();

  /** Whether this sight makes it two, and did not before. */
  boolean see(K what, long tick) {
    Sight sight = sights.computeIfAbsent(what, any -> new Sight(tick));
    sight.last = tick;
    boolean now = !sight.told && sight.first < tick;
    sight.told |= now;
    return now;
  }

  /** Forgets what has not been seen for long; once a scan. */
  void forget(long tick) {
    sights.values().removeIf(sight -> sight.last < tick - FORGOTTEN);
  }
}
