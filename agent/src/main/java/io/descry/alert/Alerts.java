package io.descry.alert;

import io.descry.detect.Verdict;
import io.descry.reconcile.Reconciliation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what each scan found, and has what is to be done about it done by a thread of its own,
 * which exists only while there is something to do. When that falls behind, alerts are dropped and
 * counted: the scans never wait.
 */
public final class Alerts {
  private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);

  /** Of the alerts of one scan, how many anything is done about. */
  static final int MOST_AT_ONCE = 20;

  /** Scans with alerts that may wait. */
  static final int QUEUED = 16;

  private static final int FAILURES_PRINTED_PER_HOUR = 12;
  private static final long IDLE_SECONDS = 10;

  private final Conditions conditions;
  private final Supplier<Path> reports;
  private final List<AlertAction> actions;
  private final Consumer<String> print;
  private final ThreadPoolExecutor thread;
  private final HourlyLimit printed = new HourlyLimit(FAILURES_PRINTED_PER_HOUR);
  private final Map<AlertKind, AtomicLong> raised = new EnumMap<>(AlertKind.class);
  private final AtomicLong dropped = new AtomicLong();

  /**
   * Alerts that do something.
   *
   * @param reports writes a report, and answers where it is or {@code null}; {@code null}: none is
   *     written. Called once for all that one scan raises, before the actions
   * @param actions what is done, in this order
   * @param print says one line to the operator
   * @param threads makes the thread that does it, a daemon
   */
  public Alerts(
      AlertSettings settings,
      Supplier<Path> reports,
      List<AlertAction> actions,
      Consumer<String> print,
      ThreadFactory threads) {
    this.conditions = new Conditions(settings);
    this.reports = reports;
    this.actions = List.copyOf(actions);
    this.print = print;
    this.thread =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUED), threads);
    thread.allowCoreThreadTimeOut(true);
    for (AlertKind kind : AlertKind.values()) {
      raised.put(kind, new AtomicLong());
    }
  }

  /** Takes over what a scan found; by one thread at a time, which it does not hold up. */
  public void scanned(Reconciliation facts, Verdict verdict) {
    if (facts == null) {
      return;
    }
    List<Alert> alerts = conditions.examine(Figures.of(facts, verdict), verdict.findings());
    for (Alert alert : alerts) {
      if (alert.raised()) {
        raised.get(alert.kind()).incrementAndGet();
      }
    }
    List<Alert> some = List.copyOf(alerts.subList(0, Math.min(MOST_AT_ONCE, alerts.size())));
    dropped.addAndGet(alerts.size() - some.size());
    if (!some.isEmpty()) {
      try {
        thread.execute(() -> act(some));
      } catch (RejectedExecutionException e) {
        dropped.addAndGet(some.size());
        LOG.warn("alerts are dropped, as their actions are slow: {}", some.size());
      }
    }
  }

  /** How many of this kind were raised so far. */
  public long raised(AlertKind kind) {
    return raised.get(kind).get();
  }

  /** How many of this kind were raised and not cleared. */
  public int active(AlertKind kind) {
    return conditions.active(kind);
  }

  /** How many alerts nothing was done about, as too much was to be done. */
  public long dropped() {
    return dropped.get();
  }

  private void act(List<Alert> alerts) {
    List<Alert> told = new ArrayList<>(alerts);
    if (reports != null && alerts.stream().anyMatch(Alert::raised)) {
      safely(
          "report",
          () -> {
            Path report = reports.get();
            told.replaceAll(alert -> alert.raised() ? alert.with(report) : alert);
          });
    }
    for (AlertAction action : actions) {
      for (Alert alert : told) {
        safely(alert.name(), () -> action.alert(alert));
      }
    }
  }

  private interface Act {
    void run() throws Exception;
  }

  private void safely(String what, Act act) {
    try {
      act.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      LOG.warn("alert {}: {}", what, e.getMessage() == null ? e : e.getMessage());
      if (printed.take()) {
        print.accept("alert " + what + ": " + (e.getMessage() == null ? e : e.getMessage()));
      }
    }
  }
}
