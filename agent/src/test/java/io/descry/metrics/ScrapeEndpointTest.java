package io.descry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.descry.http.ListenAddress;
import io.descry.report.Sample;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ScrapeEndpointTest {
  private static final String PROTOBUF_FIRST =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
          + ";q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3";

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final ThreadGroup group = new ThreadGroup("descry");
  private final ThreadFactory factory =
      task -> {
        Thread thread = new Thread(group, task, "descry-scrape");
        threads.add(thread);
        return thread;
      };

  @Test
  void servesPrometheusText() throws Exception {
    try (ScrapeEndpoint endpoint = start()) {
      HttpResponse<String> response = get(endpoint.url(), "text/plain");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain; version=0.0.4");
      assertThat(response.body().lines())
          .contains(
              "descry_descriptors_open{kind=\"file\",owner=\"java\"} 412.0",
              "descry_descriptors_limit 1024.0",
              "descry_descriptors_usage 0.25",
              "descry_descriptors_unaccounted 3.0",
              "descry_exhaustion_seconds NaN",
              "descry_findings{confidence=\"probable\",library=\"netty-transport-native-epoll\",owner=\"library\",rule=\"growth\"} 1.0",
              "descry_opens_total{kind=\"file\"} 0.0",
              "descry_closes_total{kind=\"socket.tcp\"} 0.0",
              "descry_scan_duration_seconds_count 1",
              "descry_blind 2.0");
    }
  }

  @Test
  void servesOpenMetrics() throws Exception {
    try (ScrapeEndpoint endpoint = start()) {
      HttpResponse<String> response =
          get(endpoint.url(), "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

      assertThat(response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("application/openmetrics-text; version=1.0.0");
      assertThat(response.body())
          .contains("descry_findings_descriptors{confidence=\"certain\"")
          .endsWith("# EOF\n");
    }
  }

  @Test
  void answersTextToAScraperThatLikesProtobufBest() throws Exception {
    try (ScrapeEndpoint endpoint = start()) {
      HttpResponse<String> response = get(endpoint.url(), PROTOBUF_FIRST);

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("application/openmetrics-text");
      HttpResponse<String> only = get(endpoint.url(), PROTOBUF_FIRST.split(",")[0]);
      assertThat(only.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    }
  }

  @Test
  void answersNothingElse() throws Exception {
    try (ScrapeEndpoint endpoint = start()) {
      String root = endpoint.url().replace("/metrics", "");
      for (String path : List.of("/", "/metrics/", "/metricsx", "/-/healthy", "/metrics/..")) {
        HttpResponse<String> response = get(root + path, "text/plain");
        assertThat(response.statusCode()).as(path).isEqualTo(404);
        assertThat(response.body()).isEmpty();
      }
      HttpRequest post =
          HttpRequest.newBuilder(URI.create(endpoint.url()))
              .POST(HttpRequest.BodyPublishers.ofString("x"))
              .build();
      assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(405);
      HttpRequest head =
          HttpRequest.newBuilder(URI.create(endpoint.url()))
              .method("HEAD", HttpRequest.BodyPublishers.noBody())
              .build();
      assertThat(client.send(head, HttpResponse.BodyHandlers.ofString()))
          .matches(response -> response.statusCode() == 200 && response.body().isEmpty());
      assertThat(get(endpoint.url() + "?debug=text", "text/plain").body()).contains("descry_blind");
    }
  }

  @Test
  void listensOnLoopbackUnlessToldOtherwise() throws Exception {
    try (ScrapeEndpoint endpoint = start()) {
      String host = URI.create(endpoint.url()).getHost();
      assertThat(InetAddress.getByName(host).isLoopbackAddress()).isTrue();
      assertThat(endpoint.port()).isPositive();
    }
    try (ScrapeEndpoint endpoint =
        ScrapeEndpoint.start(
            ListenAddress.parse("0.0.0.0:0"), registry().getPrometheusRegistry(), factory)) {
      assertThat(endpoint.url()).startsWith("http://0.0.0.0:");
    }
  }

  @Test
  void saysInOneLineThatAPortIsInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ListenAddress address = new ListenAddress(null, taken.getLocalPort());

      assertThatThrownBy(
              () -> ScrapeEndpoint.start(address, registry().getPrometheusRegistry(), factory))
          .isInstanceOf(ScrapeException.class)
          .hasMessageContaining("metrics are off: cannot listen on " + address)
          .hasMessageContaining("in use")
          .message()
          .doesNotContain("\n");
      assertThat(threads).isEmpty();
    }
  }

  @Test
  void saysSoWhenTheHostIsNotOurs() {
    ListenAddress foreign = new ListenAddress("192.0.2.1", 0);

    assertThatThrownBy(
            () -> ScrapeEndpoint.start(foreign, registry().getPrometheusRegistry(), factory))
        .isInstanceOf(ScrapeException.class)
        .hasMessageContaining("192.0.2.1");
  }

  @Test
  void livesOnDaemonsOfTheGivenGroup() throws Exception {
    try (ScrapeEndpoint endpoint = start()) {
      get(endpoint.url(), "text/plain");

      Thread[] alive = new Thread[10];
      int count = group.enumerate(alive);
      List<Thread> found = List.of(java.util.Arrays.copyOf(alive, count));
      assertThat(found).hasSizeBetween(2, 3).allMatch(Thread::isDaemon);
      assertThat(found).extracting(Thread::getName).contains("HTTP-Dispatcher", "descry-scrape");
    }
  }

  @Test
  void answersThoughOthersHoldEveryThread() throws Exception {
    PrometheusMeterRegistry registry = registry();
    try (ScrapeEndpoint endpoint =
            ScrapeEndpoint.start(
                ListenAddress.parse("0"), registry.getPrometheusRegistry(), factory, 0);
        Socket first = halfRequest(endpoint);
        Socket second = halfRequest(endpoint)) {
      // One thread started the server and is gone, two are stuck in half a request.
      while (threads.size() < 3) {
        Thread.onSpinWait();
      }

      assertThat(get(endpoint.url(), "text/plain").statusCode()).isEqualTo(200);
      assertThat(first.isConnected() && second.isConnected()).isTrue();
    }
  }

  @Test
  void keepsNoJvmAliveAndSetsNoProperty(@TempDir Path directory) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dio.prometheus.exporter.http_server.port=1",
                Forked.class.getName())
            .redirectErrorStream(true)
            .directory(directory.toFile())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(output).endsWith("main ends\n").doesNotContain("sun.net.httpserver");
    assertThat(process.exitValue()).isZero();
  }

  /** Starts an endpoint, scrapes it and leaves main without closing anything. */
  static final class Forked {
    public static void main(String[] args) throws Exception {
      ScrapeEndpoint endpoint =
          ScrapeEndpoint.start(
              ListenAddress.parse("0"), registry().getPrometheusRegistry(), Thread::new);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
        socket
            .getOutputStream()
            .write("GET /metrics HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        if (socket.getInputStream().readAllBytes().length < 1000) {
          throw new IOException("no metrics");
        }
      }
      System.getProperties().stringPropertyNames().stream()
          .filter(name -> name.startsWith("sun.net.httpserver"))
          .forEach(System.out::println);
      System.out.println("main ends");
    }
  }

  private ScrapeEndpoint start() throws ScrapeException {
    return ScrapeEndpoint.start(
        ListenAddress.parse("0"), registry().getPrometheusRegistry(), factory);
  }

  private static PrometheusMeterRegistry registry() {
    FakeSource source = new FakeSource();
    source.reconciliation = Sample.troubled().reconciliation();
    source.verdict = new io.descry.detect.Verdict(Sample.troubled().verdict().findings(), 0, null);
    source.count = 256;
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    DescryMetrics metrics = new DescryMetrics(source);
    metrics.bindTo(registry);
    metrics.scanned(Duration.ofMillis(12));
    return registry;
  }

  private static Socket halfRequest(ScrapeEndpoint endpoint) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port());
    socket.getOutputStream().write("GET /met".getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    return socket;
  }

  private HttpResponse<String> get(String url, String accept) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).header("Accept", accept).GET().build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
