package io.descry.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;

/** A real Prometheus that scrapes each second, and its tool. */
final class Prometheus implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Pattern LISTENS =
      Pattern.compile("msg=\"Listening on\" address=(127\\.0\\.0\\.1:[1-9]\\d*)\\s");

  private final Process process;
  private final URI api;

  private Prometheus(Process process, URI api) {
    this.process = process;
    this.api = api;
  }

  /**
   * Starts one.
   *
   * @param directory where it keeps what it has
   * @param rules file of rules
   * @param target what it scrapes, host and port
   */
  static Prometheus start(Path directory, Path rules, String target) throws IOException {
    needed();
    Path configuration =
        Files.writeString(
            directory.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["%s"]
            scrape_configs:
              - job_name: shop
                static_configs: [{targets: ["%s"]}]
            """
                .formatted(rules, target));
    Path log = directory.resolve("prometheus.log");
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:0")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return new Prometheus(process, URI.create("http://" + address(log) + "/api/v1/"));
    } catch (ConditionTimeoutException e) {
      process.destroyForcibly();
      throw new IllegalStateException("Prometheus does not start: " + Files.readString(log), e);
    }
  }

  /** Where it listens, on a port that nobody else has: it picks one and logs it. */
  private static String address(Path log) {
    return await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              Matcher address = LISTENS.matcher(Files.readString(log));
              return address.find() ? address.group(1) : "";
            },
            address -> !address.isEmpty());
  }

  /** The alerts that are pending or fire; empty while it does not answer yet. */
  JsonNode alerts() {
    return get("alerts").path("data").path("alerts");
  }

  /** The answer to an instant query. */
  JsonNode query(String expression) {
    JsonNode answer = get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    if (!answer.path("status").asText().equals("success")) {
      throw new IllegalStateException(expression + ": " + answer);
    }
    return answer.path("data").path("result");
  }

  /**
   * Runs promtool.
   *
   * @return what it printed, when it was content
   */
  static String tool(String... arguments) throws IOException, InterruptedException {
    needed();
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(out);
    }
    return out;
  }

  /** Skips the test where Prometheus is not installed, but not on CI. */
  private static void needed() {
    boolean there =
        Files.isExecutable(Path.of("/usr/bin/prometheus"))
            && Files.isExecutable(Path.of("/usr/bin/promtool"));
    Assumptions.assumeTrue(
        there || "true".equals(System.getenv("CI")), "Prometheus is not installed");
  }

  private JsonNode get(String resource) {
    try {
      HttpRequest request = HttpRequest.newBuilder(api.resolve(resource)).build();
      return JSON.readTree(
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      // It is about to start; who asks, asks again.
      return JSON.createObjectNode();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
