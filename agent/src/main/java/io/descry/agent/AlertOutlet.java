package io.descry.agent;

import io.descry.alert.AlertAction;
import io.descry.alert.AlertKind;
import io.descry.alert.AlertReports;
import io.descry.alert.AlertSettings;
import io.descry.alert.Alerts;
import io.descry.alert.CommandAction;
import io.descry.alert.Drained;
import io.descry.alert.FlightAction;
import io.descry.alert.LogAction;
import io.descry.alert.Restart;
import io.descry.alert.Sender;
import io.descry.alert.WebhookAction;
import io.descry.metrics.AlertMeters;
import io.descry.metrics.MetricsSource;
import io.descry.report.ProcessFacts;
import io.descry.report.ThisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Alerts, and the actions that the operator named. */
final class AlertOutlet implements Outlet {
  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

  private final MetricsSource source;
  private final Alerts alerts;
  private final List<String> on = new ArrayList<>();
  private Restart restart;

  /**
   * Alerts as the options say; one that cannot be is reported.
   *
   * @param page that says so when a restart drains; {@code null}: there is none
   * @throws OutletException when nothing is left to do
   */
  AlertOutlet(
      Options options,
      MetricsSource source,
      OwnThreads threads,
      Actions others,
      Drained page,
      BiFunction<String, String, List<Path>> reports)
      throws OutletException {
    this.source = source;
    List<String> problems = new ArrayList<>();
    AlertSettings settings = AlertSettings.read(options.outlets(), Options::duration, problems);
    problems.forEach(StandardError::print);
    AlertReports written = null;
    List<AlertAction> actions = new ArrayList<>();
    for (AlertSettings.Action action : settings.actions()) {
      switch (action) {
        case LOG -> actions.add(new LogAction(StandardError::print));
        case REPORT -> {
          if (options.report() == null) {
            StandardError.print("alert=report does nothing, for report=none");
            continue;
          }
          written = new AlertReports(options.report(), reports);
        }
        case JFR -> {
          AlertAction events = FlightAction.make();
          if (events == null) {
            StandardError.print(
                "alert=jfr does nothing: this Java runtime has no flight recorder (module"
                    + " jdk.jfr)");
            continue;
          }
          actions.add(events);
        }
        case COMMAND -> actions.add(new CommandAction(settings.command(), pid()));
        case WEBHOOK -> {
          AlertAction webhook = webhook(settings, threads);
          if (webhook == null) {
            continue;
          }
          actions.add(webhook);
        }
        case RAISE -> actions.add(nearTheLimit(others.raise()::run));
        case RESTART -> {
          try {
            restart = others.restart(on, page);
            actions.add(nearTheLimit(restart::run));
          } catch (OutletException e) {
            StandardError.print(e.getMessage());
            continue;
          }
        }
      }
      on.add(action.label());
    }
    if (on.isEmpty()) {
      throw new OutletException("alerts are off");
    }
    alerts =
        new Alerts(
            settings,
            written,
            actions,
            StandardError::print,
            task -> threads.make("descry-alert", task));
  }

  /** Whether any of its options was given. */
  static boolean isAsked(Options options) {
    return !"off".equals(options.outlets().get("alert"))
        && options.outlets().keySet().stream()
            .anyMatch(key -> key.equals("alert") || key.startsWith("alert."));
  }

  /** For the start line. */
  String words() {
    return "alerts by " + String.join(" + ", on);
  }

  AlertMeters meters() {
    return new AlertMeters(
        Arrays.stream(AlertKind.values())
            .map(
                kind ->
                    new AlertMeters.Row(
                        kind.label(), () -> alerts.raised(kind), () -> alerts.active(kind)))
            .toList(),
        alerts::dropped);
  }

  @Override
  public void scanned(Duration took) {
    alerts.scanned(source.reconciliation(), source.verdict());
    if (restart != null
        && alerts.active(AlertKind.USAGE) + alerts.active(AlertKind.EXHAUSTION) == 0) {
      restart.cancel();
    }
  }

  /** What is done only when descriptors run out, not because something leaks. */
  private static AlertAction nearTheLimit(Consumer<String> action) {
    return alert -> {
      if (alert.raised()
          && (alert.kind() == AlertKind.USAGE || alert.kind() == AlertKind.EXHAUSTION)) {
        action.accept(alert.text());
      }
    };
  }

  private static AlertAction webhook(AlertSettings settings, OwnThreads threads) {
    ProcessFacts process = ThisProcess.facts();
    Sender sender = new Sender(Version.TEXT, process.pid(), process.command(), host());
    try {
      return new WebhookAction(
          settings.webhook(), sender, task -> threads.make("descry-webhook", task));
    } catch (IOException | LinkageError e) {
      // Such as a Java runtime without the module java.net.http.
      StandardError.print("alert=webhook does nothing: " + e);
      return null;
    }
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  /** As the kernel has it: no name service is asked. */
  private static String host() {
    try {
      return Files.readString(HOST).strip();
    } catch (IOException e) {
      // Whoever receives the alert may know the sender by other means.
      return null;
    }
  }
}
