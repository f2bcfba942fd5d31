package io.descry.report;

import java.io.IOException;
import java.io.OutputStream;

/** One way to write a report. Implementations keep no state and may be used by several threads. */
public interface ReportFormat {

  /** The ending of the file's name, without the dot, such as {@code json}. */
  String extension();

  /**
   * Writes the whole report, in UTF-8. Flushes the stream and leaves it open; opens no descriptor.
   *
   * @throws IOException what the stream throws
   */
  void write(ReportData data, OutputStream out) throws IOException;
}
