package io.descry.alert;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Reports because of alerts: {@code <base>-alert-1} and so on up to {@value #MOST}, after which the
 * first is replaced, and at most {@value #PER_HOUR} within an hour. For use by one thread.
 */
public final class AlertReports implements Supplier<Path> {
  static final int MOST = 20;
  static final int PER_HOUR = 10;
  private static final String REASON = "threshold";

  private final String base;
  private final BiFunction<String, String, List<Path>> reports;
  private final HourlyLimit limit = new HourlyLimit(PER_HOUR);
  private int written;

  /**
   * Reports beside those of the given base path.
   *
   * @param reports writes one, by base path and reason, and answers its files
   */
  public AlertReports(String base, BiFunction<String, String, List<Path>> reports) {
    this.base = base;
    this.reports = reports;
  }

  /** Writes one, and answers its first file; {@code null} when there were enough, or it failed. */
  @Override
  public Path get() {
    if (!limit.take()) {
      return null;
    }
    List<Path> files = reports.apply(base + "-alert-" + (written++ % MOST + 1), REASON);
    return files.isEmpty() ? null : files.get(0);
  }
}
