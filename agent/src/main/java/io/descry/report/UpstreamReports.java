package io.descry.report;

import io.descry.detect.Finding;
import io.descry.reconcile.Library;
import io.descry.reconcile.Owner;
import io.descry.reconcile.library.IssueTrackers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Bug reports for the maintainers of libraries: one file for each finding of a library, {@code
 * BASE-ID.md}, the most certain first, {@value #MOST} at most.
 *
 * @param system where the process runs
 */
public record UpstreamReports(SystemFacts system) {
  /** So many files at most are written at once. */
  public static final int MOST = 10;

  /** What only hands calls on: what is opened through these is opened by who called them. */
  private static final Set<String> BRIDGES = Set.of("jna", "jffi", "FFM API");

  /**
   * Writes them.
   *
   * @param base as {@link ReportFile} has it
   * @param failed is told of those that could not be written
   * @return where they are; empty when there is nothing to report
   */
  public List<Path> write(String base, ReportData data, Consumer<IOException> failed) {
    List<Path> written = new ArrayList<>();
    for (Finding finding : findings(data)) {
      try {
        UpstreamReport report = new UpstreamReport(finding, system, data.history());
        written.add(new ReportFile(base + "-" + finding.id()).write(report, data));
      } catch (IOException e) {
        failed.accept(e);
      }
    }
    return written;
  }

  /** Which findings concern maintainers of a library, as they stand in the verdict. */
  static List<Finding> findings(ReportData data) {
    return data.verdict().findings().stream()
        .filter(finding -> finding.group().owner() == Owner.LIBRARY)
        .filter(finding -> isReportable(finding.group().library()))
        .limit(MOST)
        .toList();
  }

  private static boolean isReportable(Library library) {
    return library != null && !BRIDGES.contains(IssueTrackers.plain(library.name()));
  }
}
