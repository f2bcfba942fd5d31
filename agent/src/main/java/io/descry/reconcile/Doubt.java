package io.descry.reconcile;

import io.descry.ledger.Ledger;
import java.time.Instant;

/** What the ledger may have missed. Refreshed by one thread at a time. */
final class Doubt {
  private volatile Instant since;
  private long nanos;

  /** Asks the ledger. */
  void refresh() {
    if (Ledger.takeMissed()) {
      nanos = System.nanoTime();
      since = since == null ? Instant.now() : since;
    }
  }

  /** Since when opens and closes may have been missed; {@code null} while the ledger is exact. */
  Instant since() {
    return since;
  }

  /**
   * Whether the close of what was opened at this {@link System#nanoTime()} may have been missed.
   */
  boolean includes(long openedNanos) {
    return since != null && openedNanos - nanos <= 0;
  }
}
