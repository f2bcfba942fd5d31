package io.descry.metrics;

import io.descry.detect.Compared;
import io.descry.detect.Verdict;
import io.descry.os.Failure;
import io.descry.os.Limits;
import io.descry.reconcile.Reconciliation;
import java.util.List;
import java.util.Map;

/**
 * What the meters show. Read at every scrape, several times, by the scraper's thread: cheap, safe
 * for use by several threads, and never the cause of a scan.
 */
public interface MetricsSource {

  /** The last scan; {@code null} before the first. */
  Reconciliation reconciliation();

  /** What the rules said after it; {@link Verdict#NONE} before the first. */
  Verdict verdict();

  /** What the application expects beside what the last scan saw; empty when it says nothing. */
  List<Compared> compared();

  /** How many descriptors are open now, less Descry's own; -1 when the system does not say. */
  int count();

  /** The limits in force. */
  Limits limits();

  /** How many descriptors the ledger saw opened, by the label of their kind; never falling. */
  Map<String, Long> opens();

  /** How many it saw closed; likewise. */
  Map<String, Long> closes();

  /** Own system calls that failed so far. */
  List<Failure> failures();

  /** How often an action was taken that the operator asked for, such as {@code restart}. */
  default long taken(String action) {
    return 0;
  }

  /** How many things Descry cannot see. */
  int blind();

  /** How many descriptors of the last snapshot the ledger does not have. */
  int unaccounted();
}
