package io.descry.agent;

import io.descry.report.ReportData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Writes the JSON report after each scan for those who look on, such as {@code descry top}. Who
 * does touches the file {@code BASE.lease} again and again; where that is gone or older than {@link
 * #LEASE}, nobody looks any more, and nothing is written. So no scan is made for them, which the
 * rules would count, no agent is attached again and again, and one that is killed leaves nothing
 * running.
 *
 * <p>Safe for several threads.
 */
final class Followers {
  /** Twice the default interval between scans. */
  static final Duration LEASE = Duration.ofMinutes(1);

  private static final int MOST = 8;

  private final Supplier<ReportData> seen;
  private final BiConsumer<String, ReportData> writer;
  private final List<String> bases = new CopyOnWriteArrayList<>();

  /**
   * None yet.
   *
   * @param seen what the last scan found; {@code null} before the first
   * @param writer writes the JSON report to a base path
   */
  Followers(Supplier<ReportData> seen, BiConsumer<String, ReportData> writer) {
    this.seen = seen;
    this.writer = writer;
  }

  /** Takes in one more, who is answered at once when there was a scan. */
  void add(String base) {
    bases.removeIf(known -> known.equals(base) || !isLooking(known));
    if (bases.size() >= MOST) {
      StandardError.print(MOST + " follow this JVM already; " + base + ".json is not written");
      return;
    }
    if (!isLooking(base)) {
      StandardError.print(
          "nothing is written to " + base + ".json: there is no new " + lease(base));
      return;
    }
    bases.add(base);
    write(base);
  }

  /** Writes what the last scan found for all who still look. */
  void scanned() {
    bases.removeIf(base -> !isLooking(base));
    bases.forEach(this::write);
  }

  private void write(String base) {
    ReportData data = seen.get();
    if (data != null) {
      writer.accept(base, data);
    }
  }

  /** Whether somebody looks at what is written to a base path, and shows it. */
  static boolean isLooking(String base) {
    try {
      Instant touched = Files.getLastModifiedTime(lease(base)).toInstant();
      return Duration.between(touched, Instant.now()).compareTo(LEASE) <= 0;
    } catch (IOException e) {
      // Gone, as it is when they have looked enough; or not readable, and so nothing for us.
      return false;
    }
  }

  private static Path lease(String base) {
    return Path.of(base + ".lease");
  }
}
