package io.descry.agent;

import io.descry.report.JsonReport;
import io.descry.report.ReportData;
import io.descry.report.ReportFile;
import io.descry.report.ReportFormat;
import io.descry.report.TextReport;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes reports. Holds one descriptor back, so that the report of a process at its limit has one
 * to be written through. Not safe for several threads.
 */
final class Reports {
  private static final Logger LOG = LoggerFactory.getLogger(Reports.class);
  private static final String SPARE = "/dev/null";

  private final List<ReportFormat> formats = new ArrayList<>();
  private FileInputStream spare;

  Reports(Set<Options.Format> wanted) {
    for (Options.Format format : wanted) {
      formats.add(
          switch (format) {
            case TEXT -> new TextReport();
            case JSON -> new JsonReport();
          });
    }
    hold();
  }

  /**
   * Writes a report in all forms that were asked for.
   *
   * @return where they are; those that could not be written are missing and logged
   */
  List<Path> write(String base, ReportData data) {
    List<Path> written = new ArrayList<>();
    release();
    for (ReportFormat format : formats) {
      try {
        written.add(new ReportFile(base).write(format, data));
      } catch (IOException e) {
        StandardError.print(e.getMessage());
        LOG.error("{}", e.getMessage());
      }
    }
    hold();
    return written;
  }

  private void hold() {
    try {
      spare = new FileInputStream(SPARE);
    } catch (IOException e) {
      // At the limit already: the next report may still find a number free.
      LOG.warn("no descriptor can be held back for reports: {}", e.getMessage());
    }
  }

  private void release() {
    if (spare != null) {
      try {
        spare.close();
      } catch (IOException e) {
        LOG.warn("the descriptor held back for reports cannot be freed: {}", e.getMessage());
      }
      spare = null;
    }
  }
}
