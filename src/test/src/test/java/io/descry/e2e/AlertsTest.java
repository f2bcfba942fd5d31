package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One problem alerts once, by every means, and once more when it comes back. */
class AlertsTest {
  private static final int LIMIT = 400;
  private static final int FILES = 340;
  private static final String FOUND = "finding-owner-unreachable-1";

  private final List<String> posted = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void eachProblemAlertsOnceByEveryMeans(Jdks.Jdk jdk) throws Exception {
    HttpServer receiver = receiver();
    DescryJvm jvm = new DescryJvm(jdk, "alerts").limit(LIMIT);
    Path log = jvm.directory().resolve("descry.log");
    Path runs = jvm.directory().resolve("runs");
    jvm.option("log", log.toString())
        .option("alert", "log+report+command+webhook")
        .option("alert.findings", "certain")
        .option("alert.command", script(jvm.directory()) + "+%a+%p+%r+$(touch pwned)")
        .option("alert.webhook", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/descry");
    try (RunningJvm running = jvm.main("io.descry.lab.leaks.Filling").start()) {
      running.hear("ready");
      tell(running, "forget 3");
      awaitPosts(FOUND + " raised");
      tell(running, "hold " + FILES);
      awaitPosts(FOUND + " raised", "usage raised");
      tell(running, "close");
      awaitPosts(FOUND + " raised", "usage raised", "usage cleared");
      tell(running, "hold " + FILES);
      awaitPosts(FOUND + " raised", "usage raised", "usage cleared", "usage raised");
      assertThat(running.descriptors().toString())
          .as("the client's selector")
          .contains("eventpoll");
      running.signal("TERM");
      running.await();

      assertThat(Files.readAllLines(runs))
          .containsExactly(
              run(FOUND, running, jvm, 1),
              run("usage", running, jvm, 2),
              run("usage", running, jvm, 3));
      assertThat(jvm.directory().resolve("pwned")).doesNotExist();
      for (int i = 1; i <= 3; i++) {
        Report report = Report.read(Path.of(jvm.base() + "-alert-" + i + ".json"));
        assertThat(report.reason()).isEqualTo("threshold");
      }
      assertThat(Path.of(jvm.base() + "-alert-4.json")).doesNotExist();
      assertThat(alerts(running.err())).hasSize(4);
      assertThat(alerts(Files.readAllLines(log))).hasSize(4);
      assertThat(Files.readString(Path.of(jvm.base() + ".json")))
          .as("Descry's own selector and connections are nobody's")
          .doesNotContain("eventpoll", "jdk.internal.net.http");
    } finally {
      receiver.stop(0);
    }
  }

  private static String run(String alert, RunningJvm running, DescryJvm jvm, int report) {
    return alert
        + "|"
        + running.pid()
        + "|"
        + jvm.base()
        + "-alert-"
        + report
        + ".txt|$(touch pwned)|"
        + alert
        + "|";
  }

  private static Path script(Path directory) throws IOException {
    Path script = directory.resolve("page");
    Files.write(
        script,
        List.of(
            "#!/bin/sh",
            "printf '%s|' \"$@\" \"$DESCRY_ALERTED_NAME\" >> '" + directory + "/runs'",
            "echo >> '" + directory + "/runs'"));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  private static void tell(RunningJvm running, String line) {
    running.say(line);
    running.hear("done");
  }

  /** Waits for these posts, and then for some scans more, which must post nothing. */
  private void awaitPosts(String... all) {
    await().atMost(Duration.ofMinutes(2)).until(() -> posted.size() >= all.length);
    await()
        .during(Duration.ofMillis(1500))
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(posted).containsExactly(all));
  }

  private static List<String> alerts(List<String> lines) {
    return lines.stream().filter(line -> line.contains("alert ")).toList();
  }

  private HttpServer receiver() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/descry",
        exchange -> {
          try (exchange) {
            JsonNode body = new ObjectMapper().readTree(exchange.getRequestBody());
            posted.add(body.get("alert").asText() + " " + body.get("state").asText());
            exchange.sendResponseHeaders(204, -1);
          }
        });
    server.start();
    return server;
  }
}
