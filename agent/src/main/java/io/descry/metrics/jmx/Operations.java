package io.descry.metrics.jmx;

import java.util.List;

/** What clients may have Descry do; in their own time, one at a time. */
public interface Operations {
  /** Scans, and hands on what was found. */
  void scan();

  /**
   * Scans and writes a report.
   *
   * @param name of the report, in the directory of those that the operator asked for; {@code null}:
   *     what the operator asked for
   * @return its files
   * @throws IllegalArgumentException when it is no plain name
   * @throws IllegalStateException when the operator wants no reports, or it cannot be written
   */
  List<String> writeReport(String name);
}
