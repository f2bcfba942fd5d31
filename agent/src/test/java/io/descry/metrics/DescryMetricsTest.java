package io.descry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.detect.Compared;
import io.descry.detect.Confidence;
import io.descry.detect.Evidence;
import io.descry.detect.Expectation;
import io.descry.detect.Finding;
import io.descry.detect.Verdict;
import io.descry.os.Failure;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.tracer.NativeError;
import io.descry.os.tracer.NativeObject;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import io.descry.reconcile.Site;
import io.descry.report.Sample;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DescryMetricsTest {
  private final FakeSource source = new FakeSource();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final DescryMetrics metrics =
      new DescryMetrics(source, AlertMeters.NONE, () -> Sample.WRITTEN);

  @BeforeEach
  void bind() {
    metrics.bindTo(registry);
  }

  @Test
  void registersTheContract() {
    source.reconciliation = Sample.troubled().reconciliation();
    source.verdict = Sample.troubled().verdict();
    source.failures = List.of(new Failure("readlinkat", "EACCES", 5));
    metrics.scanned(Duration.ofMillis(12));

    Map<String, List<String>> names =
        registry.getMeters().stream()
            .map(Meter::getId)
            .collect(
                Collectors.toMap(
                    Meter.Id::getName,
                    id -> id.getTags().stream().map(tag -> tag.getKey()).sorted().toList(),
                    (a, b) -> a));
    assertThat(names)
        .containsOnly(
            Map.entry("descry.descriptors.open", List.of("kind", "owner")),
            Map.entry("descry.descriptors.limit", List.of()),
            Map.entry("descry.descriptors.usage", List.of()),
            Map.entry("descry.descriptors.unaccounted", List.of()),
            Map.entry("descry.descriptors.growth", List.of()),
            Map.entry("descry.exhaustion.seconds", List.of()),
            Map.entry("descry.findings", List.of("confidence", "library", "owner", "rule")),
            Map.entry(
                "descry.findings.descriptors", List.of("confidence", "library", "owner", "rule")),
            Map.entry("descry.opens", List.of("kind")),
            Map.entry("descry.closes", List.of("kind")),
            Map.entry("descry.errors", List.of("errno", "operation")),
            Map.entry("descry.scan.duration", List.of()),
            Map.entry("descry.blind", List.of()),
            Map.entry("descry.limit.raises", List.of()),
            Map.entry("descry.restarts", List.of()));
  }

  @Test
  void showsWhatTheApplicationExpectsByName() {
    Expectation pool = new Expectation("db-pool", Set.of(Kind.SOCKET_TCP), null, null, 10);
    Expectation other = new Expectation("db-pool", Set.of(Kind.PIPE), null, null, 2);
    source.compared =
        List.of(
            new Compared(pool, 13),
            new Compared(other, 1),
            new Compared(new Expectation("unknown", Set.of(), null, null, -1), 5));
    metrics.scanned(Duration.ZERO);

    assertThat(expected("descry.expected.handles", "db-pool")).isEqualTo(12);
    assertThat(expected("descry.expected.discrepancy", "db-pool")).isEqualTo(2);
    assertThat(expected("descry.expected.handles", "unknown")).isNaN();
    assertThat(expected("descry.expected.discrepancy", "unknown")).isNaN();

    source.compared = List.of(new Compared(pool.with(20), 13));
    metrics.scanned(Duration.ZERO);

    assertThat(expected("descry.expected.handles", "db-pool")).isEqualTo(20);
    assertThat(expected("descry.expected.discrepancy", "db-pool")).isEqualTo(-7);
    assertThat(registry.find("descry.expected.handles").gauges()).hasSize(1);
  }

  @Test
  void namesOfTheApplicationAreBounded() {
    source.compared =
        IntStream.range(0, 250)
            .mapToObj(i -> new Expectation("pool\n" + i, Set.of(), null, null, 1))
            .map(one -> new Compared(one, 3))
            .toList();
    metrics.scanned(Duration.ZERO);

    assertThat(registry.find("descry.expected.handles").gauges()).hasSize(101);
    assertThat(expected("descry.expected.handles", "pool7")).isEqualTo(1);
    assertThat(expected("descry.expected.discrepancy", "other")).isEqualTo(300);
  }

  private double expected(String meter, String name) {
    return registry.get(meter).tag("name", name).gauge().value();
  }

  @Test
  void countsOpenOnesByOwnerAndKind() {
    source.reconciliation = Sample.troubled().reconciliation();
    metrics.scanned(Duration.ZERO);

    assertThat(open("java", "file")).isEqualTo(412);
    assertThat(open("java", "socket.tcp")).isEqualTo(41);
    assertThat(open("library", "eventpoll")).isEqualTo(210);

    source.reconciliation = Sample.healthy().reconciliation();
    metrics.scanned(Duration.ZERO);

    assertThat(open("java", "file")).isZero();
    assertThat(open("java", "socket.tcp")).isEqualTo(10);
    assertThat(open("library", "eventpoll")).isZero();
  }

  @Test
  void showsFindingsAsLongAsTheyHold() {
    source.verdict = Sample.troubled().verdict();
    metrics.scanned(Duration.ZERO);

    var row =
        registry
            .get("descry.findings.descriptors")
            .tags("rule", "growth", "confidence", "probable", "owner", "library")
            .tag("library", "netty-transport-native-epoll");
    assertThat(row.gauge().value()).isEqualTo(210);
    assertThat(registry.find("descry.findings").gauges()).hasSize(5);
    assertThat(registry.get("descry.findings").tag("rule", "owner-unreachable").gauge().getId())
        .matches(id -> "none".equals(id.getTag("library")));

    source.verdict = Verdict.NONE;
    metrics.scanned(Duration.ZERO);

    assertThat(registry.find("descry.findings").gauges()).isEmpty();
    assertThat(registry.find("descry.findings.descriptors").gauges()).isEmpty();
  }

  @Test
  void addsUpFindingsOfOneRow() {
    source.verdict = new Verdict(List.of(finding("libuv"), finding("libuv")), 0, null);
    metrics.scanned(Duration.ZERO);

    assertThat(registry.get("descry.findings").gauge().value()).isEqualTo(2);
    assertThat(registry.get("descry.findings.descriptors").gauge().value()).isEqualTo(14);
  }

  @Test
  void boundsTheLibraries() {
    List<Finding> many = IntStream.range(0, 500).mapToObj(i -> finding("lib" + i)).toList();
    source.verdict = new Verdict(many, 0, null);
    metrics.scanned(Duration.ZERO);
    source.verdict = new Verdict(List.of(finding("yet another"), finding("lib0")), 0, null);

    assertThat(registry.find("descry.findings").gauges()).hasSize(65);
    assertThat(registry.get("descry.findings").tag("library", "other").gauge().value())
        .isEqualTo(436);

    metrics.scanned(Duration.ZERO);

    assertThat(registry.find("descry.findings").gauges())
        .extracting(gauge -> gauge.getId().getTag("library"))
        .containsExactlyInAnyOrder("other", "lib0");
  }

  @Test
  void cleansLabels() {
    LabelValue label = new LabelValue(10);

    assertThat(label.of("a\n\u001b[0m\u202eb\ud800")).isEqualTo("a[0mb");
    assertThat(label.of("x".repeat(5000))).hasSize(100);
    assertThat(label.of("\u0007")).isEqualTo("none");
    assertThat(label.of(null)).isEqualTo("none");
  }

  @Test
  void countsOpensAndCloses() {
    source.opens = Map.of("file", 7L, "other", 1L, "carrier pigeon", 2L);
    source.closes = Map.of("file", 6L);

    assertThat(registry.find("descry.opens").functionCounters())
        .hasSize(Kind.ofThisSystem().size());
    assertThat(counter("descry.opens", "file")).isEqualTo(7);
    assertThat(counter("descry.opens", "other")).isEqualTo(3);
    assertThat(counter("descry.opens", "pipe")).isZero();
    assertThat(counter("descry.closes", "file")).isEqualTo(6);
  }

  @Test
  void countsErrorsWithinABound() {
    source.failures =
        IntStream.range(0, 200).mapToObj(i -> new Failure("call", "E" + i, 1)).toList();
    metrics.scanned(Duration.ZERO);
    metrics.scanned(Duration.ZERO);

    assertThat(registry.find("descry.errors").functionCounters()).hasSize(65);
    assertThat(registry.get("descry.errors").tag("errno", "E5").functionCounter().count())
        .isEqualTo(1);
    assertThat(registry.get("descry.errors").tag("operation", "other").functionCounter().count())
        .isEqualTo(136);
  }

  @Test
  void countsWhatNativeCodeFailedAtByLibrary() {
    NativeObject uv =
        new NativeObject(
            1, "/usr/lib/libuv.so.1.0.0", "libuv.so.1", null, NativeObject.Role.LIBRARY);
    Reconciliation last = Sample.troubled().reconciliation();
    source.reconciliation =
        new Reconciliation(
            last.scan(),
            last.at(),
            last.limits(),
            last.groups(),
            last.discrepancies(),
            last.collected(),
            List.of(new NativeError(uv, "socket", "EMFILE", 12, last.at(), last.at())),
            last.collections());
    metrics.scanned(Duration.ZERO);
    assertThat(
            registry
                .get("descry.native.errors")
                .tags("library", "libuv.so.1", "operation", "socket", "errno", "EMFILE")
                .functionCounter()
                .count())
        .isEqualTo(12);
  }

  @Test
  void knowsUsageAndLimit() {
    assertThat(gauge("descry.descriptors.usage")).isNaN();
    source.count = 256;
    assertThat(gauge("descry.descriptors.usage")).isEqualTo(0.25);
    assertThat(gauge("descry.descriptors.limit")).isEqualTo(1024);
    source.limits = new Limits(Limits.UNKNOWN, Limits.UNKNOWN);
    assertThat(gauge("descry.descriptors.usage")).isNaN();
    assertThat(gauge("descry.descriptors.limit")).isNaN();
    source.limits = new Limits(Long.MAX_VALUE, Long.MAX_VALUE);
    assertThat(gauge("descry.descriptors.usage")).isZero();
    assertThat(gauge("descry.descriptors.limit")).isInfinite();
    assertThat(gauge("descry.blind")).isEqualTo(2);
    assertThat(gauge("descry.descriptors.unaccounted")).isEqualTo(3);
  }

  @Test
  void knowsHowLongItLasts() {
    assertThat(gauge("descry.exhaustion.seconds")).isNaN();
    source.verdict = new Verdict(List.of(), 0.5, Sample.WRITTEN.plusSeconds(90));
    assertThat(gauge("descry.exhaustion.seconds")).isEqualTo(90);
    assertThat(gauge("descry.descriptors.growth")).isEqualTo(0.5);
    source.verdict = new Verdict(List.of(), 0.5, Sample.WRITTEN.minusSeconds(90));
    assertThat(gauge("descry.exhaustion.seconds")).isZero();
  }

  @Test
  void timesScansInEveryRegistry() {
    SimpleMeterRegistry second = new SimpleMeterRegistry();
    metrics.bindTo(second);
    metrics.scanned(Duration.ofMillis(40));

    assertThat(registry.get("descry.scan.duration").timer().count()).isEqualTo(1);
    assertThat(
            second
                .get("descry.scan.duration")
                .timer()
                .totalTime(java.util.concurrent.TimeUnit.MILLISECONDS))
        .isEqualTo(40);
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private double counter(String name, String kind) {
    return registry.get(name).tag("kind", kind).functionCounter().count();
  }

  private double open(String owner, String kind) {
    return registry
        .get("descry.descriptors.open")
        .tags("owner", owner, "kind", kind)
        .gauge()
        .value();
  }

  private static Finding finding(String library) {
    GroupKey key =
        new GroupKey(Owner.LIBRARY, new Library(library, null, null), Kind.EVENTFD, Site.UNKNOWN);
    return new Finding(
        "id",
        "growth",
        Confidence.PROBABLE,
        false,
        key,
        7,
        List.of(),
        List.of(new Evidence("growth", "it grows", "ls")),
        Sample.WRITTEN,
        1,
        null,
        List.of());
  }
}
