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
 * @param history how many were open over the process's life, in order of time; empty when nobody
 *     kept count
 * @param actions what Descry did to the process on behalf of the operator
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
    boolean allDescriptors,
    List<Timeline.Point> history,
    List<ActionTaken> actions) {
  public ReportData {
    blind = List.copyOf(blind);
    history = List.copyOf(history);
    actions = List.copyOf(actions);
  }

  /** One without history, of a process in which Descry took no action. */
  public ReportData(
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
    this(
        version,
        started,
        written,
        reason,
        process,
        reconciliation,
        verdict,
        blind,
        scans,
        allDescriptors,
        List.of(),
        List.of());
  }

  /** How many descriptors are open, less Descry's own. */
  public int open() {
    return reconciliation.open();
  }

  /** How many findings there are. */
  public int findings() {
    return verdict.findings().size();
  }
}
