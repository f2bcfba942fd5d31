package io.descry.live;

import io.descry.detect.Verdict;
import io.descry.metrics.Scrapes;
import io.descry.reconcile.Reconciliation;
import io.descry.report.ReportData;
import java.io.IOException;

/** What the live page shows. Safe for several threads. */
public interface LiveSource {
  /** What a report says of the last scan, as of then; {@code null} before the first. */
  ReportData last();

  /** The last scan; {@code null} before the first. Never waits for one that is under way. */
  Reconciliation reconciliation();

  /** What the rules said after it; likewise. */
  Verdict verdict();

  /** How many descriptors are open now, less Descry's own; -1 when the system does not say. */
  int count();

  /** Scans, in the thread that calls it. */
  void scan();

  /**
   * The metrics.
   *
   * @param accept what the scraper says that it reads; empty when it says nothing
   * @return {@code null} when there are none
   */
  Scrapes.Scrape metrics(String accept) throws IOException;
}
