package io.descry.alert;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Decides when a report about exhaustion is due: at the first sign of it, and again only after
 * usage was low for a while, {@value #MOST} times in all. For one thread.
 */
final class Exhaustion {
  static final int MOST = 3;
  static final double LOW = 0.5;
  static final Duration WHILE = Duration.ofMinutes(1);

  private int reports;
  private boolean waiting;
  private boolean low;
  private long lowSince;

  /**
   * Takes what was seen.
   *
   * @param exhausted whether there was a sign of exhaustion since the last time
   * @param usage share of the limit in use; NaN when unknown; asked only after a report
   * @param nanos when, by System.nanoTime
   * @return which report is due now, from 1; 0: none
   */
  int due(boolean exhausted, DoubleSupplier usage, long nanos) {
    if (waiting) {
      rest(exhausted, usage, nanos);
      return 0;
    }
    if (!exhausted || isOver()) {
      return 0;
    }
    waiting = true;
    low = false;
    return ++reports;
  }

  /** Whether there will be none any more. */
  boolean isOver() {
    return reports >= MOST;
  }

  private void rest(boolean exhausted, DoubleSupplier usage, long nanos) {
    if (exhausted || !(usage.getAsDouble() < LOW)) {
      low = false;
    } else if (!low) {
      low = true;
      lowSince = nanos;
    } else if (nanos - lowSince >= WHILE.toNanos()) {
      waiting = false;
    }
  }
}
