package io.descry.agent;

import io.descry.alert.Drained;
import io.descry.alert.Emergency;
import io.descry.alert.HealthPage;
import io.descry.alert.RaiseLimit;
import io.descry.alert.Restart;
import io.descry.alert.RestartSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** What Descry does beside telling, as far as the operator asked for it. */
final class Actions {
  private static final String EMERGENCY = "emergency";

  private final Options options;
  private final Watch watch;
  private final OwnThreads threads;

  Actions(Options options, Watch watch, OwnThreads threads) {
    this.options = options;
    this.watch = watch;
    this.threads = threads;
  }

  /** Whether a report is to be written when no descriptor is left: on when reports are. */
  boolean isEmergencyWanted() {
    String text = options.outlets().get(EMERGENCY);
    if (text == null || text.equals("on")) {
      return text != null || options.report() != null;
    }
    if (!text.equals("off")) {
      StandardError.print("option emergency=" + text + " is not on or off; using on");
    }
    return !text.equals("off");
  }

  /**
   * Looks for exhaustion from now on.
   *
   * @param reports writes a report, by base path and reason
   * @return nothing for the start line, which names what was asked for
   */
  String emergency(BiFunction<String, String, List<Path>> reports) throws OutletException {
    if (options.report() == null) {
      throw new OutletException("emergency reports are off, for report=none");
    }
    Emergency emergency =
        new Emergency(
            watch::exhaustedCalls,
            watch.seesExhaustedCalls(),
            watch::exhausted,
            watch::usage,
            suffix -> !reports.apply(options.report() + suffix, "exhaustion").isEmpty());
    threads.make("descry-emergency", emergency).start();
    return null;
  }

  /** Raises the limit when it is run. */
  RaiseLimit raise() {
    return new RaiseLimit(watch::raiseLimit, watch::limits, watch::took);
  }

  /** Says which options of restarts do nothing, as no restart was asked for. */
  void sayUnused() {
    if (!RestartSettings.isAsked(options.outlets())) {
      options.outlets().keySet().stream()
          .filter(key -> key.startsWith("restart."))
          .forEach(
              key ->
                  StandardError.print(
                      "option " + key + " does nothing, for alert does not name restart"));
    }
  }

  /**
   * Restarts when it is run; serves the health page, if it has one, from now on.
   *
   * @param page another page that says so when this process drains; {@code null}: there is none
   */
  Restart restart(List<String> on, Drained page) throws OutletException {
    List<String> problems = new ArrayList<>();
    RestartSettings settings = RestartSettings.read(options.outlets(), Options::duration, problems);
    problems.forEach(StandardError::print);
    ThreadFactory factory = task -> threads.make("descry-restart", task);
    List<Drained> pages = new ArrayList<>();
    if (page != null) {
      pages.add(page);
    }
    if (settings.health() != null) {
      try {
        HealthPage health = new HealthPage(settings.health(), factory);
        pages.add(health);
        on.add("health at " + health.url());
      } catch (IOException e) {
        throw new OutletException("no restarts: " + e.getMessage());
      }
    }
    return new Restart(
        settings,
        pages,
        ProcessHandle.current().pid(),
        age(),
        watch::terminate,
        watch::took,
        factory);
  }

  private static Supplier<Duration> age() {
    Instant now = Instant.now();
    Duration before =
        Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
    long begun = System.nanoTime();
    return () -> before.plusNanos(System.nanoTime() - begun);
  }
}
