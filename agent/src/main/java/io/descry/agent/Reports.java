package io.descry.agent;

import io.descry.report.HtmlReport;
import io.descry.report.JsonReport;
import io.descry.report.ReportData;
import io.descry.report.ReportFile;
import io.descry.report.ReportFormat;
import io.descry.report.SystemFacts;
import io.descry.report.TextReport;
import io.descry.report.UpstreamReports;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes reports. Holds two descriptors back, so that of a process at its limit the libraries can
 * be read that a report names, and it has one to be written through. Safe for several threads; one
 * report is written at a time.
 */
final class Reports {
  private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

  /**
   * Opened as reports are: what JDK 17 does at the first channel (two sockets, init of
   * FileDispatcherImpl.c) fails at the limit, and channels are of no use to anybody from then on.
   */
  private static final Path SPARE = Path.of("/dev/null");

  private static final int SPARES = 2;

  /** At the limit, what is given up for a report may be taken by the application first. */
  private static final int TRIES = 20;

  private static final long PAUSE_MILLIS = 100;

  private final Set<Options.Format> usual;
  private final Map<Options.Format, ReportFormat> formats = new EnumMap<>(Options.Format.class);
  private UpstreamReports upstream;
  private final Deque<Closeable> spares = new ArrayDeque<>();

  /**
   * Gets ready to write.
   *
   * @param usual the forms that are written when nobody asks for others
   */
  Reports(Set<Options.Format> usual) {
    this.usual = usual;
    usual.forEach(this::prepare);
    hold();
  }

  private void prepare(Options.Format format) {
    switch (format) {
      case TEXT -> formats.putIfAbsent(format, new TextReport());
      case JSON -> formats.putIfAbsent(format, new JsonReport());
      case HTML -> formats.putIfAbsent(format, new HtmlReport());
      case UPSTREAM ->
          upstream = upstream == null ? new UpstreamReports(SystemFacts.read()) : upstream;
    }
  }

  /**
   * Writes a report in all forms that were asked for, and holds descriptors back again.
   *
   * @return where they are; those that could not be written are missing and logged
   */
  synchronized List<Path> write(String base, ReportData data) {
    return write(base, data, usual);
  }

  /** Likewise, in these forms. */
  synchronized List<Path> write(String base, ReportData data, Set<Options.Format> wanted) {
    wanted.forEach(this::prepare);
    List<Path> written = new ArrayList<>();
    int tries = data.reason().equals("exhaustion") ? TRIES : 1;
    for (Map.Entry<Options.Format, ReportFormat> format : formats.entrySet()) {
      Path path =
          wanted.contains(format.getKey())
              ? write(new ReportFile(base), format.getValue(), data, tries)
              : null;
      if (path != null) {
        written.add(path);
      }
    }
    if (wanted.contains(Options.Format.UPSTREAM)) {
      written.addAll(upstream.write(base, data, Reports::failed));
    }
    hold();
    return written;
  }

  private static void failed(IOException e) {
    StandardError.print(e.getMessage());
    LOG.error("{}", e.getMessage());
  }

  private Path write(ReportFile file, ReportFormat format, ReportData data, int tries) {
    for (int left = tries; ; left--) {
      release();
      try {
        return file.write(format, data);
      } catch (IOException e) {
        if (left <= 1) {
          failed(e);
          return null;
        }
        LOG.info("tried again: {}", e.getMessage());
      }
      hold();
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
  }

  /** Holds back as many descriptors as it should, or as there are. */
  synchronized void hold() {
    try {
      while (spares.size() < SPARES) {
        spares.push(Files.newByteChannel(SPARE));
      }
    } catch (IOException e) {
      // At the limit already: the next report may still find a number free.
      LOG.warn("no descriptor can be held back for reports: {}", e.getMessage());
    }
  }

  /** Gives one up, for whoever opens next. */
  synchronized void release() {
    Closeable spare = spares.poll();
    if (spare != null) {
      try {
        spare.close();
      } catch (IOException e) {
        LOG.warn("the descriptor held back for reports cannot be freed: {}", e.getMessage());
      }
    }
  }
}
