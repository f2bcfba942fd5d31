package io.descry.agent;

import io.descry.detect.Verdict;
import io.descry.os.Descriptor;
import io.descry.os.Limits;
import io.descry.os.linux.EarlyLook;
import io.descry.reconcile.EarlyReconciliation;
import io.descry.reconcile.Reconciliation;
import io.descry.report.ProcessFacts;
import io.descry.report.ReportData;
import io.descry.report.ReportFile;
import io.descry.report.TextReport;
import io.descry.report.ThisProcess;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * The last report of a process that ends before anything but the ledger was made. Most such
 * processes hold nothing that would need more, and need not wait half a second for what it takes to
 * say so: this is written with few classes, as {@link Start} is.
 */
final class EarlyReport {
  private EarlyReport() {}

  /**
   * Does all that is due at the end of this process, if it can be done so.
   *
   * @return false when it cannot; nothing has been done then
   */
  static boolean write(Beginning beginning) {
    Options options = beginning.options();
    if (!isPlain(options) || !beginning.blind().isEmpty()) {
      return false;
    }
    List<Descriptor> open = EarlyLook.descriptors();
    Limits limits = EarlyLook.limits();
    if (open == null || limits == null) {
      return false;
    }
    ProcessFacts process = ThisProcess.facts();
    Reconciliation facts =
        new EarlyReconciliation(
                beginning.baseline(),
                System.getProperty("java.home"),
                process.pid(),
                beginning.jar())
            .of(open, limits);
    if (facts == null) {
      return false;
    }
    StandardError.print(StartLine.of(Version.TEXT, options, List.of()));
    if (options.report() != null) {
      try {
        new ReportFile(options.report())
            .write(new TextReport(), data(beginning.started(), process, facts));
      } catch (IOException e) {
        StandardError.print(e.getMessage());
      }
    }
    return true;
  }

  /** Whether what was asked for is what this can do. */
  private static boolean isPlain(Options options) {
    return options.formats().size() == 1
        && options.formats().contains(Options.Format.TEXT)
        && options.stacks() != Options.Stacks.NONE
        && options.metrics() == null
        && !options.allDescriptors()
        && !options.collect()
        && options.log() == null
        && options.modules() == null
        && options.outlets().isEmpty();
  }

  private static ReportData data(Instant started, ProcessFacts process, Reconciliation facts) {
    return new ReportData(
        Version.TEXT,
        started,
        Instant.now(),
        "shutdown",
        process,
        facts,
        Verdict.NONE,
        List.of(),
        1,
        false);
  }
}
