package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page of a JVM that leaks, watched in a real browser, and what is served beside it. */
class LiveTest {
  private static final String TOKEN = "a-token-of-the-test-0123456789";
  private static final String HOSTILE = "<img src=x onerror=window.broken=1>";
  private static final String THREAD = "</script>" + HOSTILE + "\" onload='x' \u202e";
  private static final Pattern PAGE = Pattern.compile("page at (http://[^,\\s]+)");
  private static final String ROWS =
      "[...document.querySelectorAll('#groups tbody tr')].filter(row => row.offsetParent !== null)";

  private static Browser browser;
  private static Path downloads;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws IOException {
    assumeThat(Browser.isHere()).as("Chromium is here").isTrue();
    Path work = Files.createDirectories(Path.of(System.getProperty("descry.test.work")));
    browser = new Browser(Files.createTempDirectory(work, "chromium-live"));
    downloads = Files.createTempDirectory(work, "downloads");
    browser.downloadTo(downloads);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  /** Scans are made by the page's button alone, so that what it shows comes from there. */
  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aBrowserWatchesALeakComeUp(Jdks.Jdk jdk) throws Exception {
    DescryJvm jvm =
        leaking(jdk, "live-page").option("interval", "1h").environment("DESCRY_HTTP_TOKEN", TOKEN);
    try (RunningJvm running = jvm.start()) {
      running.hear("ready");
      URI page = page(running);
      assertThat(running.err()).noneMatch(line -> line.contains(TOKEN));
      logsIn(page);
      showsNoLeakYet();
      running.say("go");
      seesTheLeakWithoutReloading();
      findsAndFilters();
      tellsAStory();
      staysHarmless();
      downloads("report.html", running.pid() + ".html");
      downloads("report.json", running.pid() + ".json");
      // A browser complains of each answer that a scan was asked for too soon after another.
      assertThat(browser.complaints())
          .allMatch(one -> one.contains("429") && one.contains(page.resolve("scan").toString()));
      assertThat(browser.requests()).allMatch(one -> one.startsWith(page.toString()));
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void scrapersBalancersAndProgramsAreServedToo(Jdks.Jdk jdk) throws Exception {
    DescryJvm jvm =
        leaking(jdk, "live-programs")
            .option("http.unhealthy", "findings:certain")
            .option("restart.period", "0s")
            .option("alert", "restart")
            .option("restart.jitter", "0s")
            .option("restart.drain", "10m")
            .limit(500);
    List<Socket> silent = new ArrayList<>();
    try (RunningJvm running = jvm.start()) {
      running.hear("ready");
      URI page = page(running);
      running.awaitSettled();
      int before = json(page).open();
      // The connection of that report may still be open.
      running.awaitSettled();
      int held = running.descriptors().targets().size();
      for (int i = 0; i < 40; i++) {
        silent.add(new Socket(InetAddress.getLoopbackAddress(), page.getPort()));
      }
      await().until(() -> running.descriptors().targets().size() >= held + 32);
      assertThat(running.descriptors().targets()).as("held").hasSizeLessThanOrEqualTo(held + 34);
      for (Socket socket : silent) {
        socket.close();
      }
      // A close that has begun when the scan does is not the application's either, once it is done.
      await()
          .alias("of the application")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> json(page).open() == before);
      assertThat(get(page, "health").body()).isEqualTo("ok\n");

      try (Socket events = new Socket(InetAddress.getLoopbackAddress(), page.getPort())) {
        ask(events, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        running.say("go");
        assertThat(awaitLine(events, "data: {\"title\":\"LEAK - HostileNames"))
            .contains("id=\\\"owner-unreachable-1\\\"");
      }
      HttpResponse<String> health = get(page, "health");
      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(health.body()).isEqualTo("a leak of descriptors is certain\n");
      assertThat(get(page, "metrics").body())
          .contains("descry_findings{confidence=\"certain\"")
          .contains("descry_alerts_total{alert=\"usage\"}");
      assertThat(json(page).findings())
          .anyMatch(finding -> finding.rule().equals("owner-unreachable"));
      assertThat(get(page, "report.html").body())
          .startsWith("<!DOCTYPE html>")
          .contains("owner-unreachable-1")
          .doesNotContain(HOSTILE);
      try (Socket rebound = new Socket(InetAddress.getLoopbackAddress(), page.getPort())) {
        ask(rebound, "GET /report.json HTTP/1.1\r\nHost: evil.example\r\n\r\n");
        assertThat(new String(rebound.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 421 ")
            .doesNotContain("HostileNames");
      }
      // At four fifths of the limit a restart is asked for.
      await()
          .atMost(Duration.ofSeconds(120))
          .until(() -> get(page, "health").body().equals("draining\n"));
    }
  }

  private static DescryJvm leaking(Jdks.Jdk jdk, String name) throws IOException {
    DescryJvm jvm = new DescryJvm(jdk, name).option("http", "0");
    Path files = Files.createDirectory(jvm.directory().resolve("files"));
    for (String file : List.of(HOSTILE, "a\n<b>", "\u202egpj.exe", "'\"&lt;")) {
      Files.createFile(files.resolve(file));
    }
    return jvm.main("io.descry.lab.leaks.HostileNames", files.toString(), THREAD, "6000");
  }

  private static URI page(RunningJvm running) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> running.err().stream().anyMatch(line -> PAGE.matcher(line).find()));
    Matcher matcher = PAGE.matcher(String.join("\n", running.err()) + "\n");
    assertThat(matcher.find()).isTrue();
    URI page = URI.create(matcher.group(1));
    assertThat(page.getHost()).as("loopback unless asked").isEqualTo("127.0.0.1");
    return page;
  }

  private static void logsIn(URI page) {
    browser.open(page);
    assertThat(browser.text("document.body.textContent")).contains("Token").doesNotContain("fd");
    logIn("not the token at all");
    assertThat(browser.text("document.querySelector('.refused').textContent"))
        .isEqualTo("That is not the token.");
    logIn(TOKEN);
    browser.await("document.getElementById('state')?.textContent === 'live'");
    assertThat(browser.text("document.cookie")).as("for scripts").isEmpty();
    // A browser calls an answer of 401 an error.
    browser.forgetComplaints();
  }

  private static void logIn(String token) {
    browser.load(
        () ->
            browser.value(
                ("{document.getElementById('token').value = '%s';"
                        + "document.querySelector('form').requestSubmit();}")
                    .formatted(token)));
  }

  private static void showsNoLeakYet() {
    browser.await("document.title.startsWith('NO LEAK FOUND - HostileNames')");
    assertThat(browser.value("document.querySelectorAll('.card').length").asInt()).isZero();
    browser.value("void (window.sameAsBefore = 1)");
  }

  private static void seesTheLeakWithoutReloading() {
    String scan =
        "Number(document.getElementById('now').textContent.match(/scan ([\\d,]+)/)[1]"
            + ".replaceAll(',', ''))";
    int first = browser.value(scan).asInt();
    browser.await(
        "Number(document.getElementById('now').textContent.match(/^([\\d,]+) open now/)?.[1]) > 0");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              browser.value("document.getElementById('scan').click()");
              return browser
                  .value("document.getElementById('owner-unreachable-1') !== null")
                  .asBoolean();
            });
    assertThat(browser.value(scan).asInt()).as("scans").isGreaterThan(first + 1);
    assertThat(browser.text("document.title")).startsWith("LEAK - HostileNames (");
    assertThat(browser.value("window.sameAsBefore").asInt()).as("the same page").isEqualTo(1);
    assertThat(browser.value("document.querySelectorAll('.chart svg').length").asInt())
        .isPositive();
  }

  private static void findsAndFilters() {
    int all = browser.value(ROWS + ".length").asInt();
    type("#groups input[type=search]", "HostileNames.keep");
    assertThat(browser.value(ROWS + ".length").asInt()).isBetween(1, all - 1);
    String keeps = ROWS + ".every(row => row.textContent.includes('HostileNames.keep'))";
    String before = browser.text("document.getElementById('now').textContent");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              browser.value("document.getElementById('scan').click()");
              String now = browser.text("document.getElementById('now').textContent");
              return !now.replaceAll(".*scan", "").equals(before.replaceAll(".*scan", ""));
            });
    assertThat(browser.value(keeps).asBoolean()).as("after the next scan, too").isTrue();
    browser.value("document.querySelector('#groups tbody tr:not([hidden]) button').click()");
    browser.await("document.querySelectorAll('#found button[data-fd]').length > 3");
    type("#wanted", "FILES/<IMG");
    browser.await(
        "[...document.querySelectorAll('#found tbody tr')].length > 0"
            + " && [...document.querySelectorAll('#found tbody tr')]"
            + ".every(row => row.cells[1].textContent.includes('/files/<img src=x'))");
  }

  private static void tellsAStory() {
    browser.value("document.querySelector('#found button[data-fd]').click()");
    browser.await("document.getElementById('story').open");
    assertThat(browser.text("document.getElementById('told').textContent"))
        .startsWith("fd ")
        .contains("/files/" + HOSTILE, "Opened by", "HostileNames.keep(HostileNames.java:")
        .contains("By thread</script>" + HOSTILE + "\" onload='x' \\u202e")
        .contains("unchanged in the last", "ls -l /proc/");
    assertThat(browser.text("document.querySelector('#told .opener').textContent"))
        .startsWith("io.descry.lab.leaks.HostileNames.keep");
    browser.value("document.getElementById('close').click()");
    assertThat(browser.value("document.getElementById('story').open").asBoolean()).isFalse();

    browser.value("document.querySelector('#owner-unreachable-1 button[data-fd]').click()");
    browser.await("document.getElementById('story').open");
    assertThat(browser.text("document.getElementById('told').textContent"))
        .contains("What is found of it", "owner-unreachable-1", "garbage-collected");
    browser.value("document.getElementById('close').click()");
  }

  private static void staysHarmless() {
    assertThat(browser.value("document.querySelectorAll('img, [onload]').length").asInt()).isZero();
    assertThat(browser.text("typeof window.broken")).isEqualTo("undefined");
    assertThat(browser.text("document.body.textContent")).doesNotContain("\u202e");
  }

  private static void downloads(String address, String name) {
    browser.value("document.querySelector('a[download][href=\"" + address + "\"]').click()");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(downloads.resolve("descry-" + name))
                    .content()
                    .contains("owner-unreachable-1"));
  }

  private static void type(String input, String text) {
    browser.value(
        "{const word = document.querySelector('%s'); word.value = '%s';".formatted(input, text)
            + "word.dispatchEvent(new Event('input'));}");
  }

  private Report json(URI page) throws Exception {
    return new Report(new ObjectMapper().readTree(get(page, "report.json").body()));
  }

  private HttpResponse<String> get(URI page, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(page.resolve(path)).timeout(Duration.ofSeconds(30)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static void ask(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private static String awaitLine(Socket socket, String beginning) throws IOException {
    socket.setSoTimeout(60_000);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(beginning)) {
        return line;
      }
    }
    throw new IOException("the stream ended");
  }
}
