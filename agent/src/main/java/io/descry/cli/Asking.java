package io.descry.cli;

import io.descry.report.ReadReport;
import io.descry.report.ReportData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** Asks a JVM in which Descry runs for a report, through a mailbox. */
final class Asking implements AutoCloseable {
  private static final String NAME = "report";

  private final Attachment attachment;
  private final Mailbox box;
  private final String jar;

  /**
   * Gets ready to ask.
   *
   * @throws UnusableException when it cannot be asked, or Descry does not run in it
   */
  Asking(Attachment attachment) throws UnusableException {
    this.attachment = attachment;
    JvmProcess process = attachment.process();
    if (JvmProcess.canAsk() && !process.runsDescry()) {
      throw new UnusableException(
          "Descry does not run in process %d (%s); start it there: java -jar descry.jar attach %d"
              .formatted(process.pid(), process.command(), process.pid()));
    }
    box = Mailbox.of(process);
    String seen = attachment.jar();
    jar = seen == null ? attachment.copy(box) : seen;
  }

  /** The file of the answer. */
  Path file() {
    return box.outside(NAME + ".json");
  }

  /** Lets the process know that somebody still looks, by a file beside it. */
  void look() throws UnusableException {
    Path lease = box.outside(NAME + ".lease");
    try {
      if (Files.exists(lease)) {
        Files.setLastModifiedTime(lease, FileTime.from(Instant.now()));
      } else {
        Files.createFile(lease);
      }
    } catch (IOException e) {
      throw new UnusableException("the process's answers have gone: " + e, e);
    }
  }

  /** Has it scan and write a JSON report now, of which it says nothing elsewhere. */
  void dump() throws UnusableException {
    look();
    ask("dump=" + box.inside(NAME) + ",formats=json");
    if (!box.has(NAME + ".json")) {
      throw new UnusableException(
          "process "
              + attachment.process().pid()
              + " has written no report; its standard error says why");
    }
  }

  /** Has it write a JSON report after each of its scans, for as long as {@link #look} is called. */
  void follow() throws UnusableException {
    ask("follow=" + box.inside(NAME));
  }

  private void ask(String options) throws UnusableException {
    attachment.load(jar, options);
  }

  /** The last answer; {@code null} when there is none yet. */
  ReportData answer() throws UnusableException {
    try {
      return box.has(NAME + ".json") ? ReadReport.of(file()) : null;
    } catch (IOException e) {
      throw new UnusableException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    box.close();
  }
}
