package io.descry.report;

import io.descry.detect.Verdict;
import io.descry.os.Blind;
import io.descry.reconcile.Reconciliation;
import java.time.Instant;
import java.util.List;

/**
 * Everything that a report is written from, taken at one moment.
 *
 * @param version Descry's version
 * @param started when Descry began to watch
 * @param written when this was taken
 * @param reason why the report is written: {@code shutdown}, {@code demand}, {@code threshold} or
 *     {@code exhaustion}
 * @param process the process it is about
 * @param reconciliation the last scan
 * @param verdict what the rules say of it
 * @param blind what Descry cannot see
 * @param scans how many scans there were
 * @param allDescriptors whether every group lists its descriptors ({@code detail=all})
 */
public record ReportData(
    String version,
    Instant started,
    Instant written,
    String reason,
    ProcessFacts process,
    Reconciliation reconciliation,
    Verdict verdict,
    List<Blind> blind,
    long scans,
    boolean allDescriptors) {
  public ReportData {
    blind = List.copyOf(blind);
  }
}
