package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What operators see while the application runs: the scrape endpoint and Descry's own log. */
class OutputsTest {
  private static final Pattern ENDPOINT = Pattern.compile("metrics at (http://[^,\\s]+)");

  /** DESIGN 6, as Prometheus spells them. */
  private static final List<String> METERS =
      List.of(
          "descry_descriptors_open{",
          "descry_descriptors_limit ",
          "descry_descriptors_usage ",
          "descry_descriptors_unaccounted ",
          "descry_descriptors_growth ",
          "descry_exhaustion_seconds ",
          "descry_findings{",
          "descry_findings_descriptors{",
          "descry_opens_total{",
          "descry_closes_total{",
          "descry_scan_duration_seconds_count ",
          "descry_blind ");

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aLeakShowsInTheMetricsAndOnceInTheLog(Jdks.Jdk jdk) throws Exception {
    DescryJvm jvm = new DescryJvm(jdk, "outputs");
    Path log = jvm.directory().resolve("descry.log");
    jvm.option("metrics", "0").option("log", log.toString());
    try (RunningJvm running = jvm.main("io.descry.lab.leaks.JavaLeaks", "40", "200").start()) {
      running.hear("ready");
      running.say("go");
      URI endpoint = endpoint(running);
      assertThat(endpoint.getHost()).as("loopback unless asked").isEqualTo("127.0.0.1");
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> scrape(endpoint, "text/plain").contains("rule=\"owner-unreachable\""));

      String text = scrape(endpoint, "text/plain");
      assertThat(METERS).allSatisfy(meter -> assertThat(text).contains("\n" + meter));
      assertThat(text)
          .containsPattern("descry_descriptors_open\\{kind=\"socket.tcp\",owner=\"java\"} [1-9]")
          .containsPattern("descry_descriptors_usage 0\\.\\d*[1-9]")
          .containsPattern(
              "descry_findings\\{confidence=\"certain\",library=\"none\",owner=\"java\","
                  + "rule=\"owner-unreachable\"} [1-9]");
      assertThat(scrape(endpoint, "application/openmetrics-text; version=1.0.0"))
          .endsWith("# EOF\n")
          .contains("descry_opens_total{");
      assertThat(status(endpoint.resolve("/"))).isEqualTo(404);
      running.signal("TERM");
      running.await();

      List<String> findings =
          Files.readAllLines(log).stream().filter(line -> line.contains(" finding ")).toList();
      assertThat(findings).isNotEmpty().doesNotHaveDuplicates();
      assertThat(findings)
          .extracting(line -> line.replaceAll(".* finding (\\S+):.*", "$1"))
          .as("each finding once, when it first held")
          .doesNotHaveDuplicates()
          .anyMatch(id -> id.startsWith("owner-unreachable"));
      assertThat(running.err()).filteredOn(line -> line.startsWith("descry: ")).hasSize(2);
    }
  }

  /** Where its metrics are, once the start line has said so. */
  static URI endpoint(RunningJvm running) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> running.err().stream().anyMatch(line -> ENDPOINT.matcher(line).find()));
    Matcher matcher = ENDPOINT.matcher(String.join("\n", running.err()) + "\n");
    assertThat(matcher.find()).isTrue();
    return URI.create(matcher.group(1));
  }

  static String scrape(URI endpoint, String accept) {
    HttpResponse<String> response = get(endpoint, accept);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith(accept.substring(0, accept.length() - 1).replaceAll(";.*", ""));
    return response.body();
  }

  private static int status(URI resource) {
    return get(resource, "*/*").statusCode();
  }

  private static HttpResponse<String> get(URI resource, String accept) {
    HttpRequest request =
        HttpRequest.newBuilder(resource)
            .header("Accept", accept)
            .timeout(Duration.ofSeconds(20))
            .build();
    try {
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
