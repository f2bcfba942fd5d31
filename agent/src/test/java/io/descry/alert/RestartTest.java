package io.descry.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.http.ListenAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
  private static final Duration OLD = Duration.ofDays(1);

  private final List<String> taken = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch ended = new CountDownLatch(1);

  @Test
  void aYoungJvmIsLeftAloneUntilItIsOldEnough() throws Exception {
    long begun = System.nanoTime();
    AtomicReference<Duration> age = new AtomicReference<>();
    Supplier<Duration> now = () -> Duration.ofNanos(System.nanoTime() - begun);
    Restart restart =
        restart(
            Map.of("restart.period", "1s", "restart.jitter", "0s"),
            null,
            now,
            () -> {
              age.set(now.get());
              ended.countDown();
            });
    restart.run("usage of 92 %");
    restart.run("usage of 93 %");
    assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(age.get()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(taken).hasSize(2);
    assertThat(taken.get(0))
        .startsWith("null: a restart is due in ")
        .endsWith(" s ago and restart.period is 1 s: usage of 92 %");
    assertThat(taken.get(1)).isEqualTo("restart: a restart begins: usage of 92 %");
  }

  @Test
  void aRestartWhoseReasonIsGoneIsCalledOff() throws Exception {
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    Restart restart =
        new Restart(
            RestartSettings.read(Map.of(), RestartTest::duration, new ArrayList<>()),
            List.of(),
            1,
            () -> Duration.ofMinutes(20),
            ended::countDown,
            (action, text) -> taken.add(action + ": " + text),
            task -> {
              threads.add(new Thread(task));
              return threads.get(threads.size() - 1);
            });
    for (int i = 0; i < 2; i++) {
      restart.run("usage of 92 %");
      restart.cancel();
      threads.get(i).join();
    }
    assertThat(ended.getCount()).isEqualTo(1);
    assertThat(taken.size()).isLessThanOrEqualTo(1);
    assertThat(taken).allMatch(text -> text.matches("null: a restart is due in 34\\d min, .*"));
  }

  @Test
  void thePageTurnsFirstThenTheHookRunsThenTheProcessEnds(@TempDir Path directory)
      throws Exception {
    Path drained = directory.resolve("drained");
    List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
    HealthPage health = new HealthPage(new ListenAddress(null, 0), Thread::new);
    assertThat(get(health, "GET")).isEqualTo("200 ok\n");
    assertThat(get(health, "HEAD")).isEqualTo("200 ");
    assertThat(get(health, "POST")).startsWith("405");
    Restart restart =
        restart(
            Map.of(
                "restart.hook",
                "/bin/sh+-c+echo \"$DESCRY_ALERTED_TEXT\" > " + drained,
                "restart.drain",
                "10ms",
                "restart.jitter",
                "0s"),
            health,
            () -> OLD,
            () -> {
              statuses.add(Integer.valueOf(get(health, "GET").substring(0, 3)));
              statuses.add(Files.exists(drained) ? 1 : 0);
              ended.countDown();
            });
    restart.run("usage of 92 %");
    assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(statuses).containsExactly(503, 1);
    assertThat(drained).hasContent("usage of 92 %");
    restart.run("again");
    assertThat(taken).containsExactly("restart: a restart begins: usage of 92 %");
  }

  @Test
  void aHookThatFailsDoesNotStopTheRestart() throws Exception {
    Restart restart =
        restart(
            Map.of("restart.hook", "/bin/false", "restart.drain", "0s", "restart.jitter", "0s"),
            null,
            () -> OLD,
            ended::countDown);
    restart.run("usage");
    assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(taken)
        .contains("null: restart.hook failed, the restart goes on: ended with status 1");
  }

  @Test
  void settingsAreReadAndWhatCannotBeUsedIsSaid() {
    List<String> problems = new ArrayList<>();
    RestartSettings usual = RestartSettings.read(Map.of(), RestartTest::duration, problems);
    assertThat(usual)
        .isEqualTo(
            new RestartSettings(
                null,
                List.of(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(300),
                Duration.ofHours(6)));
    assertThat(problems).isEmpty();
    RestartSettings bad =
        RestartSettings.read(
            Map.of(
                "restart.health", "nowhere",
                "restart.hook", "+argument",
                "restart.drain", "2h",
                "restart.jitter", "-1s",
                "restart.period", "soon"),
            RestartTest::duration,
            problems);
    assertThat(bad).isEqualTo(usual);
    assertThat(problems)
        .containsExactly(
            "option restart.health: 'nowhere' is no [host:]port, such as 9404, 0.0.0.0:9404 or"
                + " [::1]:9404; there is no health page",
            "option restart.hook=+argument is not PROGRAM+ARGUMENT...; no hook is run",
            "option restart.drain=2h is not a duration from 0s to 1h; using 30s",
            "option restart.jitter=-1s is not a duration from 0s to 720h; using 5m",
            "option restart.period=soon is not a duration from 0s to 720h; using 6h");
  }

  @Test
  void restartsAreAskedForByName() {
    assertThat(RestartSettings.isAsked(Map.of("alert", "log+restart"))).isTrue();
    assertThat(RestartSettings.isAsked(Map.of("alert", "log"))).isFalse();
    assertThat(RestartSettings.isAsked(Map.of())).isFalse();
  }

  private Restart restart(
      Map<String, String> texts, HealthPage health, Supplier<Duration> age, Restart.Ending ending) {
    return new Restart(
        RestartSettings.read(texts, RestartTest::duration, new ArrayList<>()),
        health == null ? List.of() : List.of(health),
        1,
        age,
        ending,
        (action, text) -> taken.add(action + ": " + text),
        Thread::new);
  }

  private static Duration duration(String text) {
    return Duration.parse(
        (text.startsWith("-") ? "-PT" + text.substring(1) : "PT" + text)
            .replace("PT10ms", "PT0.01S")
            .toUpperCase(java.util.Locale.ROOT));
  }

  private static String get(HealthPage page, String method) throws IOException {
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(page.url()))
                      .method(method, HttpRequest.BodyPublishers.noBody())
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
