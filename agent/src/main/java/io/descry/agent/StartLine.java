package io.descry.agent;

import java.nio.file.Path;
import java.time.Duration;

/** The line that Descry prints when it has started. */
final class StartLine {
  private StartLine() {}

  /**
   * Version, what is on, where the report goes.
   *
   * @param metrics where metrics are served, {@code null}: nowhere
   */
  static String of(String version, Options options, String metrics) {
    return version
        + " on, scanning every "
        + inWords(options.interval())
        + (metrics == null ? "" : ", metrics at " + metrics)
        + (options.report() == null
            ? ", no report"
            : ", report to " + Path.of(options.report()).toAbsolutePath());
  }

  private static String inWords(Duration interval) {
    return interval.toMillis() % 1000 == 0
        ? interval.toSeconds() + " s"
        : interval.toMillis() + " ms";
  }
}
