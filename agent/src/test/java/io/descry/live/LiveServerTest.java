package io.descry.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.descry.alert.Unhealthy;
import io.descry.detect.Confidence;
import io.descry.detect.Verdict;
import io.descry.http.ListenAddress;
import io.descry.metrics.Scrapes;
import io.descry.reconcile.Reconciliation;
import io.descry.report.ReportData;
import io.descry.report.Sample;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LiveServerTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final String BEARER = "Bearer " + TOKEN;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Socket> sockets = new ArrayList<>();
  private final FakeSource source = new FakeSource();
  private LiveServer server;

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
  }

  @Test
  void servesThePageAndWhatStandsBesideIt() throws Exception {
    start(null, Unhealthy.NEVER);

    HttpResponse<String> page = get("");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).startsWith("<!DOCTYPE html>").contains("412", "id=\"bar\"");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; style-src 'sha256-")
        .contains("; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors");
    assertThat(get("report.html").body())
        .startsWith("<!DOCTYPE html>")
        .contains("Content-Security-Policy")
        .doesNotContain("id=\"bar\"");
    HttpResponse<String> report = get("report.json");
    assertThat(report.headers().firstValue("Content-Disposition"))
        .hasValue("inline; filename=\"descry-4711.json\"");
    assertThat(new ObjectMapper().readTree(report.body()).at("/descry/schema").asInt())
        .isEqualTo(1);
    assertThat(get("metrics").body()).isEqualTo("# metrics for anything\n");
    assertThat(get("health").body()).isEqualTo("ok\n");
    assertThat(get("descriptors?text=STOCK-1").body())
        .contains("data-fd=\"801\"")
        .doesNotContain("data-fd=\"800\"");
    assertThat(get("story?fd=20").body())
        .contains("fd 20, file", "vert.x-eventloop-thread-3", "class=\"opener\"")
        .contains("owner-unreachable-1", "ls -l /proc/4711/fd/20");
    assertThat(source.scans.get()).as("by all of this").isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "page.js", "story/", "..", "%2e%2e/etc/passwd", "story;fd=7", "Health"})
  void servesNothingElse(String path) throws Exception {
    start(null, Unhealthy.NEVER);
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void refusesWhatNobodyCanHave() throws Exception {
    start(null, Unhealthy.NEVER);
    assertThat(get("story?fd=9999").statusCode()).isEqualTo(404);
    for (String query : List.of("story", "story?fd=", "story?fd=1e3", "story?fd=99999999999")) {
      assertThat(get(query).statusCode()).as(query).isEqualTo(400);
    }
    assertThat(get("descriptors?text=" + "a".repeat(201)).statusCode()).isEqualTo(400);
    assertThat(get("descriptors?group=nonsense").body()).contains("0 descriptors.");
    assertThat(get("descriptors?text=%3Cscript%3E").body()).doesNotContain("<script>");
  }

  @Test
  void aScanIsAskedForByPostOnly() throws Exception {
    start(null, Unhealthy.NEVER);

    HttpResponse<String> got = get("scan");
    assertThat(got.statusCode()).isEqualTo(405);
    assertThat(got.headers().firstValue("Allow")).hasValue("POST");
    for (String page : List.of("", "events", "report.json", "metrics", "health")) {
      assertThat(post(page, "").statusCode()).as(page).isEqualTo(405);
    }
    assertThat(post("scan", "", "Origin", "http://evil.example").statusCode()).isEqualTo(403);
    assertThat(post("scan", "", "Origin", "null").statusCode()).isEqualTo(403);
    assertThat(source.scans.get()).isZero();
    String own = server.address().replaceAll("/$", "");
    assertThat(post("scan", "", "Origin", own).statusCode()).isEqualTo(204);
    assertThat(source.scans.get()).isEqualTo(1);
    HttpResponse<String> soon = post("scan", "");
    assertThat(soon.statusCode()).isEqualTo(429);
    assertThat(soon.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(source.scans.get()).isEqualTo(1);
  }

  @Test
  void oneScanAtATime() throws Exception {
    start(null, Unhealthy.NEVER);
    source.hold = new CountDownLatch(1);
    var first = client.sendAsync(request("scan", ""), HttpResponse.BodyHandlers.ofString());
    await().until(() -> source.scans.get() == 1);

    assertThat(post("scan", "").body()).isEqualTo("A scan is under way.\n");
    source.hold.countDown();
    assertThat(first.join().statusCode()).isEqualTo(204);
    assertThat(source.scans.get()).isEqualTo(1);
  }

  @Test
  void aNameThatIsNotItsOwnGetsNothing() throws Exception {
    start(null, Unhealthy.NEVER);
    for (String path : List.of("/", "/report.json", "/events", "/health", "/metrics", "/x")) {
      assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: rebound.example:7070\r\n\r\n"))
          .startsWith("HTTP/1.1 421 ")
          .contains("http.hosts")
          .doesNotContain("4711");
    }
    assertThat(raw("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 421 ");
    assertThat(raw("GET /health HTTP/1.1\r\nHost: orders.example.com\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void withoutTheTokenThereIsHealthAndALoginOnly() throws Exception {
    start(TOKEN, Unhealthy.NEVER);

    assertThat(get("health").statusCode()).isEqualTo(200);
    HttpResponse<String> login = get("");
    assertThat(login.statusCode()).isEqualTo(401);
    assertThat(login.body()).contains("name=\"token\"").doesNotContain("4711", "archive");
    for (String path :
        List.of("events", "descriptors", "story?fd=20", "report.html", "report.json", "metrics")) {
      HttpResponse<String> response = get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(401);
      assertThat(response.headers().firstValue("WWW-Authenticate"))
          .hasValue("Bearer realm=\"descry\"");
      assertThat(response.body()).isEqualTo("This needs the token of the option http.token.\n");
      assertThat(get(path, "Authorization", "Bearer 0123456789abcdee").statusCode()).isEqualTo(401);
    }
    assertThat(post("scan", "").statusCode()).isEqualTo(401);
    assertThat(get("report.json?token=" + TOKEN).statusCode()).as("by query").isEqualTo(401);
    assertThat(get("report.json", "Authorization", BEARER).statusCode()).isEqualTo(200);
    assertThat(post("scan", "", "Authorization", BEARER).statusCode()).isEqualTo(204);
  }

  @Test
  void aLoginSetsACookieThatOpensAll() throws Exception {
    start(TOKEN, Unhealthy.NEVER);

    HttpResponse<String> refused = post("login", "token=wrong");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("That is not the token.");
    assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(post("login", "token=" + TOKEN, "Origin", "http://evil.example").statusCode())
        .isEqualTo(403);
    HttpResponse<String> done = post("login", "token=" + TOKEN);
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(done.headers().firstValue("Location")).hasValue("./");
    String cookie = done.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict").doesNotContain(TOKEN);
    String pair = cookie.substring(0, cookie.indexOf(';'));
    assertThat(get("report.json", "Cookie", pair).statusCode()).isEqualTo(200);
    assertThat(post("login", "token=" + "a".repeat(5000)).statusCode()).isEqualTo(413);
  }

  @Test
  void tellsThoseWhoWatchOfEachScanAndOfTheCount() throws Exception {
    start(null, Unhealthy.NEVER);
    BufferedReader events = watch();

    JsonNode first = scan(events);
    assertThat(first.at("/scan").asInt()).isEqualTo(144);
    assertThat(first.at("/title").asText()).startsWith("LEAK - ");
    assertThat(first.at("/sections/findings").asText()).contains("id=\"owner-unreachable-1\"");
    assertThat(first.at("/rows").asText()).contains("data-count=\"412\"");
    assertThat(next(events, "count")).isEqualTo("678");
    source.count = 700;
    assertThat(next(events, "count")).isEqualTo("700");
    source.next(Sample.healthy());
    server.scanned();
    assertThat(scan(events).at("/title").asText()).startsWith("NO LEAK FOUND - ");
  }

  @Test
  void noMoreWatchThanMay() throws Exception {
    start(null, Unhealthy.NEVER);
    for (int i = 0; i < LiveFeed.MOST; i++) {
      watch();
    }
    await().until(() -> server.watching() == LiveFeed.MOST);

    HttpResponse<String> refused = get("events");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(get("health").statusCode()).isEqualTo(200);
    sockets.get(0).close();
    await().until(() -> server.watching() == LiveFeed.MOST - 1);
    for (Socket socket : sockets) {
      socket.close();
    }
    await().until(() -> server.watching() == 0);
    int asked = source.asked.get();
    for (int i = 0; i < 10; i++) {
      server.scanned();
    }
    assertThat(source.asked.get()).as("while nobody watches").isEqualTo(asked);
  }

  @Test
  void saysWhenItIsUnhealthyAndWhenItDrains() throws Exception {
    start(null, new Unhealthy(Double.NaN, null, Confidence.PROBABLE));

    HttpResponse<String> leaking = get("health");
    assertThat(leaking.statusCode()).isEqualTo(503);
    assertThat(leaking.body()).isEqualTo("a leak of descriptors is certain\n");
    source.next(Sample.healthy());
    assertThat(get("health").statusCode()).isEqualTo(200);
    server.drain();
    HttpResponse<String> draining = get("health");
    assertThat(draining.statusCode()).isEqualTo(503);
    assertThat(draining.body()).isEqualTo("draining\n");
    assertThat(server.url()).isEqualTo(server.address() + "health");
  }

  @Test
  void beforeTheFirstScanThereIsAPageAndNoReport() throws Exception {
    source.data = null;
    start(null, new Unhealthy(0.01, null, Confidence.SUSPECT));

    assertThat(get("").body()).contains("id=\"bar\"", "<title>Descry</title>");
    assertThat(get("report.json").statusCode()).isEqualTo(503);
    assertThat(get("health").statusCode()).isEqualTo(200);
    BufferedReader events = watch();
    source.next(Sample.troubled());
    server.scanned();
    assertThat(scan(events).at("/scan").asInt()).isEqualTo(144);
  }

  private void start(String token, Unhealthy unhealthy) throws IOException {
    LiveSettings settings =
        new LiveSettings(ListenAddress.parse("0"), token, Set.of("orders.example.com"), unhealthy);
    server =
        LiveServer.start(
            settings,
            source,
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            });
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.address() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    return client.send(request(path, body, headers), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.address() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  private String raw(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private BufferedReader watch() throws IOException {
    Socket socket = connect();
    sockets.add(socket);
    socket
        .getOutputStream()
        .write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), URI.create(server.address()).getPort());
  }

  private static JsonNode scan(BufferedReader events) throws IOException {
    return new ObjectMapper().readTree(next(events, "scan"));
  }

  /** The data of the next event of this name. */
  private static String next(BufferedReader events, String name) throws IOException {
    for (String line = events.readLine(); line != null; line = events.readLine()) {
      if (line.equals("event: " + name)) {
        String data = events.readLine();
        assertThat(data).startsWith("data: ");
        assertThat(events.readLine()).isEmpty();
        return data.substring("data: ".length());
      }
    }
    throw new IOException("the stream ended");
  }

  /** The service in trouble. */
  private static final class FakeSource implements LiveSource {
    private final AtomicInteger scans = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile ReportData data = Sample.troubled();
    private volatile int count = 678;
    private volatile CountDownLatch hold = new CountDownLatch(0);

    void next(ReportData next) {
      Reconciliation facts = next.reconciliation();
      long number = data == null ? 144 : data.reconciliation().scan() + 1;
      data =
          new ReportData(
              next.version(),
              next.started(),
              next.written(),
              next.reason(),
              next.process(),
              new Reconciliation(
                  number,
                  facts.at(),
                  facts.limits(),
                  facts.groups(),
                  facts.discrepancies(),
                  facts.collected(),
                  facts.errors(),
                  facts.collections()),
              next.verdict(),
              next.blind(),
              next.scans(),
              next.allDescriptors());
    }

    @Override
    public ReportData last() {
      asked.incrementAndGet();
      return data;
    }

    @Override
    public Reconciliation reconciliation() {
      asked.incrementAndGet();
      ReportData now = data;
      return now == null ? null : now.reconciliation();
    }

    @Override
    public Verdict verdict() {
      ReportData now = data;
      return now == null ? Verdict.NONE : now.verdict();
    }

    @Override
    public int count() {
      asked.incrementAndGet();
      return count;
    }

    @Override
    public void scan() {
      scans.incrementAndGet();
      try {
        hold.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Scrapes.Scrape metrics(String accept) {
      return new Scrapes.Scrape(
          "text/plain",
          ("# metrics for " + (accept.isEmpty() ? "anything" : accept) + "\n")
              .getBytes(StandardCharsets.UTF_8));
    }
  }
}
