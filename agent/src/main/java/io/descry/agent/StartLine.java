package io.descry.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The line that Descry prints when it has started. */
final class StartLine {
  private StartLine() {}

  /**
   * Version, what is on, where the report goes.
   *
   * @param outlets what else is on, such as where metrics are served
   */
  static String of(String version, Options options, List<String> outlets) {
    return version
        + " on, scanning every "
        + inWords(options.interval())
        + (outlets.isEmpty() ? "" : ", " + String.join(", ", outlets))
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
