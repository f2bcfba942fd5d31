package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Descry does on an alert: raising the limit, restarting. */
class ActionsTest {
  private static final String LIFE = "io.descry.lab.life.";
  private static final Pattern HEALTH = Pattern.compile("health at (http://[^,\\s]+)");
  private static final int CLIENTS = 8;

  private final HttpClient client = HttpClient.newHttpClient();

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void theSoftLimitIsRaisedToTheHardOneAndTheReportSaysSo(Jdks.Jdk jdk) throws Exception {
    DescryJvm jvm =
        new DescryJvm(jdk, "raise")
            .softLimit(256)
            .jvm("-XX:-MaxFDLimit")
            .option("metrics", "0")
            .option("alert", "raise")
            .option("alert.usage", "60%");
    try (RunningJvm running = jvm.main(LIFE + "LeakyServer", "200").start()) {
      URI work = work(running);
      String before = limits(running);
      assertThat(before).matches("256 \\d+");
      String hard = before.split(" ")[1];
      for (int i = 0; i < 170; i++) {
        assertThat(get(work)).isEqualTo(200);
      }
      await().atMost(Duration.ofMinutes(2)).until(() -> limits(running).equals(hard + " " + hard));
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> metrics(running).contains("\ndescry_limit_raises_total 1.0\n"));
      running.terminate();
      assertThat(running.report().json().at("/actions/0/action").asText()).isEqualTo("raise");
      assertThat(running.report().json().at("/actions/0/text").asText())
          .contains("was raised from 256 to " + hard + ", the hard limit");
      assertThat(running.report().json().at("/process/limitSoft").asText()).isEqualTo(hard);
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aRestartUnderLoadLosesNoRequest(Jdks.Jdk jdk) throws Exception {
    DescryJvm jvm =
        new DescryJvm(jdk, "restart")
            .limit(256)
            .option("alert", "restart")
            .option("alert.usage", "60%")
            .option("restart.health", "0")
            .option("metrics", "0")
            .option("restart.drain", "1s")
            .option("restart.jitter", "0s")
            .option("restart.period", "1s");
    // It goes on once the balancer has taken the process out, however slow this machine is.
    Path drained = jvm.directory().resolve("drained");
    jvm.option("restart.hook", hook(drained).toString());
    AtomicInteger answered = new AtomicInteger();
    List<String> failed = java.util.Collections.synchronizedList(new ArrayList<>());
    AtomicBoolean healthy = new AtomicBoolean(true);
    try (RunningJvm running = jvm.main(LIFE + "LeakyServer", "170").start()) {
      URI work = work(running);
      URI health = health(running);
      assertThat(get(health)).isEqualTo(200);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Thread thread =
            new Thread(
                () -> {
                  while (healthy.get()) {
                    try {
                      int status = get(work);
                      if (status != 200) {
                        failed.add("status " + status);
                      }
                      answered.incrementAndGet();
                    } catch (IOException e) {
                      failed.add(e.toString());
                    }
                  }
                });
        thread.start();
        threads.add(thread);
      }
      // The balancer: sends nothing more once the page says so.
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> get(health) == 503);
      healthy.set(false);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(metrics(running)).contains("\ndescry_restarts_total 1.0\n");
      Files.createFile(drained);
      assertThat(running.await()).as("ended by SIGTERM").isEqualTo(128 + 15);
      assertThat(failed).isEmpty();
      assertThat(answered.get()).isGreaterThan(100);
      assertThat(running.report().reason()).isEqualTo("shutdown");
      assertThat(running.report().json().path("actions"))
          .hasSize(1)
          .allMatch(action -> action.path("action").asText().equals("restart"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aJvmThatWasJustStartedIsNotRestarted(Jdks.Jdk jdk) throws Exception {
    DescryJvm jvm =
        new DescryJvm(jdk, "restart-young")
            .option("metrics", "0")
            .option("alert", "restart")
            .option("alert.usage", "1%")
            .option("restart.health", "0")
            .option("restart.jitter", "0s")
            .limit(256);
    try (RunningJvm running = jvm.main(LIFE + "LeakyServer", "9").start()) {
      work(running);
      URI health = health(running);
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> !running.dump("later").json().path("actions").isEmpty());
      assertThat(running.dump("later").json().path("actions"))
          .hasSize(1)
          .allMatch(action -> action.path("action").isNull())
          .allMatch(action -> action.path("text").asText().matches("a restart is due in 3.. min.*"))
          .allMatch(action -> action.path("text").asText().contains("restart.period is 360 min"));
      assertThat(get(health)).isEqualTo(200);
      assertThat(metrics(running)).contains("\ndescry_restarts_total 0.0\n");
      running.say("end");
      assertThat(running.await()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void nothingListensAndNothingEndsUnlessARestartWasAskedFor(Jdks.Jdk jdk) {
    DescryJvm jvm = new DescryJvm(jdk, "no-restart").option("restart.health", "0");
    try (RunningJvm running = jvm.main(LIFE + "Hello").start()) {
      assertThat(running.await()).isZero();
    }
    DescryJvm other =
        new DescryJvm(jdk, "no-restart").option("restart.health", "0").option("alert.usage", "1%");
    try (RunningJvm running = other.main(LIFE + "LeakyServer", "9").start()) {
      work(running);
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> running.err().stream().anyMatch(line -> line.contains(" on, scanning")));
      assertThat(running.err())
          .anyMatch(
              line ->
                  line.contains(
                      "option restart.health does nothing, for alert does not name restart"))
          .noneMatch(line -> HEALTH.matcher(line).find());
      running.say("end");
      assertThat(running.await()).isZero();
    }
  }

  /** A program that ends when the file is there; Descry kills it after ten seconds. */
  private static Path hook(Path file) throws IOException {
    Path hook = file.resolveSibling("hook");
    Files.writeString(hook, "#!/bin/sh\nuntil [ -e '" + file + "' ]; do sleep 0.1; done\n");
    return Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
  }

  private static String metrics(RunningJvm running) {
    return OutputsTest.scrape(OutputsTest.endpoint(running), "text/plain");
  }

  private static URI work(RunningJvm running) {
    String port = running.hear("port ").substring("port ".length());
    return URI.create("http://127.0.0.1:" + port + "/work");
  }

  private static URI health(RunningJvm running) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> running.err().stream().anyMatch(line -> HEALTH.matcher(line).find()));
    Matcher matcher = HEALTH.matcher(String.join("\n", running.err()) + "\n");
    assertThat(matcher.find()).isTrue();
    URI health = URI.create(matcher.group(1));
    assertThat(health.getHost()).as("loopback unless asked").isEqualTo("127.0.0.1");
    return health;
  }

  private int get(URI resource) throws IOException {
    try {
      return client
          .send(
              HttpRequest.newBuilder(resource).timeout(Duration.ofSeconds(20)).build(),
              HttpResponse.BodyHandlers.ofString())
          .statusCode();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Soft and hard, as the kernel says them. */
  private static String limits(RunningJvm running) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + running.pid() + "/limits")).stream()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.replaceAll("Max open files\\s+(\\S+)\\s+(\\S+).*", "$1 $2"))
        .findFirst()
        .orElseThrow();
  }
}
