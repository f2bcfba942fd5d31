package io.descry.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.descry.detect.Confidence;
import io.descry.detect.Finding;
import io.descry.detect.Verdict;
import io.descry.metrics.AlertMeters;
import io.descry.report.Sample;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlertsTest {
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final List<String> printed = new CopyOnWriteArrayList<>();

  private Alerts alerts(java.util.function.Supplier<Path> reports, AlertAction... actions) {
    return new Alerts(
        Samples.settings(Map.of("alert", "log", "alert.usage", "off", "alert.exhaustion", "off")),
        reports,
        List.of(actions),
        printed::add,
        task -> {
          Thread thread = new Thread(task);
          thread.setDaemon(true);
          return thread;
        });
  }

  private static Verdict finding(String... ids) {
    List<Finding> all = new ArrayList<>();
    for (String id : ids) {
      all.add(Samples.finding(id, Confidence.CERTAIN));
    }
    return new Verdict(all, 0, null);
  }

  private static void scan(Alerts alerts, Verdict verdict) {
    alerts.scanned(Sample.healthy().reconciliation(), verdict);
  }

  @Test
  void oneReportServesAllThatAScanRaises() {
    Alerts alerts =
        alerts(
            () -> {
              done.add("report");
              return Path.of("r.txt");
            },
            alert -> done.add("1 " + alert.name() + " " + alert.report()),
            alert -> done.add("2 " + alert.name() + " " + alert.state()));
    scan(alerts, finding("growth-1", "growth-2"));
    await().until(() -> done.size() == 5);
    assertThat(done)
        .containsExactly(
            "report",
            "1 finding-growth-1 r.txt",
            "1 finding-growth-2 r.txt",
            "2 finding-growth-1 raised",
            "2 finding-growth-2 raised");
    done.clear();
    for (int i = 0; i < Latch.CALM; i++) {
      scan(alerts, Verdict.NONE);
    }
    await().until(() -> done.size() == 4);
    assertThat(done)
        .as("no report for what is over")
        .contains("1 finding-growth-1 null", "2 finding-growth-2 cleared");
    assertThat(alerts.raised(AlertKind.FINDING)).isEqualTo(2);
    assertThat(alerts.active(AlertKind.FINDING)).isZero();
  }

  @Test
  void anActionThatFailsCostsNoOther() {
    Alerts alerts =
        alerts(
            () -> {
              throw new IllegalStateException("no report");
            },
            alert -> {
              throw new IOException("no pager");
            },
            alert -> {
              throw new NoClassDefFoundError("gone");
            },
            alert -> done.add(alert.name()));
    scan(alerts, finding("growth-1"));
    await().until(() -> done.size() == 1);
    assertThat(printed)
        .containsExactly(
            "alert report: no report",
            "alert finding-growth-1: no pager",
            "alert finding-growth-1: gone");
  }

  @Test
  void slowActionsDropAlertsAndNeverHoldUpTheScan() {
    CountDownLatch end = new CountDownLatch(1);
    Alerts alerts =
        alerts(
            null,
            alert -> {
              done.add(alert.name());
              end.await();
            });
    scan(alerts, finding("growth-0"));
    await().until(() -> done.size() == 1);
    int more = Alerts.QUEUED + 4;
    for (int i = 1; i <= more; i++) {
      scan(alerts, finding("growth-" + i));
    }
    long dropped = alerts.dropped();
    end.countDown();
    assertThat(dropped).isGreaterThanOrEqualTo(4);
    assertThat(alerts.raised(AlertKind.FINDING)).isEqualTo(1 + more);
  }

  @Test
  void ofManyAtOnceOnlySomeAreActedUpon() {
    Alerts alerts = alerts(null, alert -> done.add(alert.name()));
    scan(
        alerts,
        finding(IntStream.range(0, 100).mapToObj(i -> "growth-" + i).toArray(String[]::new)));
    await().until(() -> done.size() == Alerts.MOST_AT_ONCE);
    assertThat(alerts.dropped()).isEqualTo(100 - Alerts.MOST_AT_ONCE);
    assertThat(alerts.active(AlertKind.FINDING)).isEqualTo(100);
  }

  @Test
  void reportsAreNumberedAndBounded() {
    List<String> asked = new ArrayList<>();
    AlertReports reports =
        new AlertReports(
            "/var/r-%p",
            (base, reason) -> {
              asked.add(base + " " + reason);
              return asked.size() == 2 ? List.of() : List.of(Path.of(base + ".txt"));
            });
    assertThat(reports.get()).isEqualTo(Path.of("/var/r-%p-alert-1.txt"));
    assertThat(reports.get()).as("could not be written").isNull();
    for (int i = 2; i < AlertReports.PER_HOUR; i++) {
      assertThat(reports.get()).isNotNull();
    }
    assertThat(reports.get()).isNull();
    assertThat(asked).hasSize(AlertReports.PER_HOUR).doesNotHaveDuplicates();
    assertThat(asked.get(0)).isEqualTo("/var/r-%p-alert-1 threshold");
  }

  @Test
  void anHourLaterThereIsOneMore() {
    AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    HourlyLimit limit = new HourlyLimit(2, now::get);
    assertThat(limit.take()).isTrue();
    now.addAndGet(java.util.concurrent.TimeUnit.MINUTES.toNanos(30));
    assertThat(limit.take()).isTrue();
    assertThat(limit.take()).isFalse();
    now.addAndGet(java.util.concurrent.TimeUnit.MINUTES.toNanos(30));
    assertThat(limit.take()).isTrue();
    assertThat(limit.take()).isFalse();
  }

  @Test
  void linesAreBounded() {
    LogAction log = new LogAction(printed::add);
    for (int i = 0; i < LogAction.PER_HOUR + 10; i++) {
      log.alert(Samples.alert("libuv").with(Path.of("/r.txt")));
    }
    assertThat(printed).hasSize(LogAction.PER_HOUR + 1);
    assertThat(printed.get(0))
        .isEqualTo(
            "alert finding-growth-3 raised: probable leak, 7 eventfd, library libuv: libuv adds up;"
                + " report /r.txt");
    assertThat(printed.get(LogAction.PER_HOUR)).contains("more than 60 alerts within an hour");
  }

  @Test
  void metersFollow() {
    Alerts alerts = alerts(null);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new AlertMeters(
            List.of(
                new AlertMeters.Row(
                    "finding",
                    () -> alerts.raised(AlertKind.FINDING),
                    () -> alerts.active(AlertKind.FINDING))),
            alerts::dropped)
        .bindTo(registry);
    scan(alerts, finding("growth-1"));
    assertThat(registry.get("descry.alerts").tag("alert", "finding").functionCounter().count())
        .isEqualTo(1);
    assertThat(registry.get("descry.alerts.active").tag("alert", "finding").gauge().value())
        .isEqualTo(1);
    assertThat(registry.get("descry.alerts.dropped").functionCounter().count()).isZero();
  }
}
