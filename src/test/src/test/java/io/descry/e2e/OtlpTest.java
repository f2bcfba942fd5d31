package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A receiver of OTLP over HTTP, which reads by OpenTelemetry's own schema, gets the figures. */
class OtlpTest {
  private static final int LIMIT = 400;
  private static final int FORGOTTEN = 7;

  /** What was posted, and its headers. */
  private record Push(ExportMetricsServiceRequest body, Map<String, String> headers) {
    Map<String, String> resource() {
      Map<String, String> attributes = new TreeMap<>();
      for (ResourceMetrics part : body.getResourceMetricsList()) {
        part.getResource().getAttributesList().forEach(each -> put(attributes, each));
      }
      return attributes;
    }

    List<Metric> metrics(String name) {
      return body.getResourceMetricsList().stream()
          .flatMap(part -> part.getScopeMetricsList().stream())
          .flatMap(scope -> scope.getMetricsList().stream())
          .filter(metric -> metric.getName().equals(name))
          .toList();
    }

    /** The value of each row of a gauge, by its attributes. */
    Map<String, Double> gauge(String name) {
      return rows(
          metrics(name).stream()
              .flatMap(metric -> metric.getGauge().getDataPointsList().stream())
              .toList());
    }

    Map<String, Double> sum(String name) {
      return rows(
          metrics(name).stream()
              .flatMap(metric -> metric.getSum().getDataPointsList().stream())
              .toList());
    }

    private static Map<String, Double> rows(List<NumberDataPoint> points) {
      Map<String, Double> rows = new TreeMap<>();
      for (NumberDataPoint point : points) {
        Map<String, String> attributes = new TreeMap<>();
        point.getAttributesList().forEach(each -> put(attributes, each));
        rows.put(attributes.toString(), point.getAsDouble());
      }
      return rows;
    }

    private static void put(Map<String, String> attributes, KeyValue pair) {
      attributes.put(pair.getKey(), pair.getValue().getStringValue());
    }
  }

  private final List<Push> pushes = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aReceiverGetsCountLimitAndFindings(Jdks.Jdk jdk) throws Exception {
    HttpServer receiver = receiver();
    DescryJvm jvm = new DescryJvm(jdk, "otlp").limit(LIMIT);
    Path log = jvm.directory().resolve("descry.log");
    jvm.option("log", log.toString())
        .option("otlp", address(receiver))
        .option("otlp.interval", "1s")
        .environment("DESCRY_OTLP_HEADERS", "x-scope=shop,eu;authorization=Bearer a=b")
        .environment("OTEL_SERVICE_NAME", "shop")
        .environment("OTEL_EXPORTER_OTLP_HEADERS", "api-key=not-for-you");
    try (RunningJvm running = jvm.main("io.descry.lab.leaks.Filling").start()) {
      running.hear("ready");
      await().atMost(Duration.ofMinutes(2)).until(() -> !pushes.isEmpty());
      assertThat(running.err()).anyMatch(line -> line.contains("OTLP to " + address(receiver)));
      status = 503;
      int before = pushes.size();
      await().atMost(Duration.ofMinutes(2)).until(() -> pushes.size() > before + 2);
      status = 200;
      running.say("forget " + FORGOTTEN);
      running.hear("done");
      String found = "{confidence=certain, library=none, owner=java, rule=owner-unreachable}";
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> last().gauge("descry.findings.descriptors").containsKey(found));

      Push push = last();
      assertThat(push.gauge("descry.findings.descriptors")).containsEntry(found, 1.0 * FORGOTTEN);
      assertThat(push.gauge("jvm.file_descriptor.limit"))
          .containsOnly(Map.entry("{}", 1.0 * LIMIT));
      double open =
          push.gauge("descry.descriptors.open").values().stream().mapToDouble(d -> d).sum();
      assertThat(push.gauge("jvm.file_descriptor.count").get("{}")).isBetween(open - 5, open + 5);
      assertThat(push.metrics("jvm.file_descriptor.count"))
          .allMatch(metric -> metric.getUnit().equals("{file_descriptor}"));
      assertThat(push.sum("descry.opens").get("{kind=socket.tcp}"))
          .isGreaterThanOrEqualTo(FORGOTTEN);
      assertThat(push.resource())
          .containsEntry("service.name", "shop")
          .containsEntry("process.pid", Long.toString(running.pid()))
          .containsKey("service.instance.id");
      assertThat(push.headers())
          .containsEntry("Content-type", "application/x-protobuf")
          .containsEntry("X-scope", "shop,eu")
          .containsEntry("Authorization", "Bearer a=b")
          .doesNotContainKey("Api-key");

      running.signal("TERM");
      running.await();
      assertThat(Files.readAllLines(log))
          .as("a row of failures, once, and its end")
          .filteredOn(line -> line.matches(".* metrics (do not )?reach .*"))
          .hasSize(2)
          .anyMatch(line -> line.contains("status 503"))
          .anyMatch(line -> line.contains("again"));
      assertThat(Files.readString(Path.of(jvm.base() + ".json")))
          .as("Descry's own selector and connections are nobody's")
          .doesNotContain("eventpoll", "jdk.internal.net.http");
    } finally {
      receiver.stop(0);
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void whereNothingListensTheApplicationDoesNotNotice(Jdks.Jdk jdk) throws Exception {
    HttpServer gone = receiver();
    String address = address(gone);
    gone.stop(0);
    DescryJvm jvm =
        new DescryJvm(jdk, "otlp-gone")
            .option("otlp", "on")
            .option("otlp.interval", "1s")
            .environment("OTEL_EXPORTER_OTLP_ENDPOINT", address.replace("/v1/metrics", ""));
    Path log = jvm.directory().resolve("descry.log");
    try (RunningJvm running =
        jvm.option("log", log.toString()).main("io.descry.lab.leaks.Filling").start()) {
      running.hear("ready");
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Files.exists(log) && Files.readString(log).contains("do not reach"));
      running.awaitSettled();
      running.signal("TERM");
      running.await();
      assertThat(running.report().findings()).isEmpty();
      assertThat(Files.readAllLines(log)).filteredOn(line -> line.contains("do not")).hasSize(1);
      assertThat(running.err()).allMatch(line -> line.startsWith("descry: "));
    }
  }

  private Push last() {
    return pushes.get(pushes.size() - 1);
  }

  private static String address(HttpServer receiver) {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/v1/metrics";
  }

  private HttpServer receiver() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/metrics", this::receive);
    server.start();
    return server;
  }

  private void receive(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    pushes.add(new Push(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()), headers));
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }
}
