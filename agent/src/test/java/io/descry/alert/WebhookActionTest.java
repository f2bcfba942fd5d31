package io.descry.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookActionTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);

  private final List<String> paths = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> types = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService answering = Executors.newCachedThreadPool();
  private HttpServer server;

  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(answering);
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    answering.shutdownNow();
  }

  private void answer(Answer answer) {
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            paths.add(exchange.getRequestURI().toString());
            types.add(exchange.getRequestHeaders().getFirst("Content-Type"));
            bodies.add(
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer.to(exchange);
          }
        });
  }

  private void status(int... statuses) {
    answer(exchange -> exchange.sendResponseHeaders(statuses[paths.size() - 1], -1));
  }

  private WebhookAction webhook(Duration patience) throws IOException {
    return webhook(server.getAddress().getPort(), patience);
  }

  private WebhookAction webhook(int port, Duration patience) throws IOException {
    return new WebhookAction(
        URI.create("http://127.0.0.1:" + port + "/hook?key=a%20b"),
        new Sender("0.9", 4711, "com.acme.Orders --port 80", "orders-7f"),
        task -> {
          Thread thread = new Thread(task, "own");
          thread.setDaemon(true);
          threads.add(thread);
          return thread;
        },
        patience,
        Duration.ofMillis(1));
  }

  @Test
  void postsTheAlertAsJson() throws Exception {
    status(200, 204);
    String hostile = "lib\"}\n<!channel>\u202e\ud800 é";
    WebhookAction webhook = webhook(LONG);
    webhook.alert(Samples.alert(hostile));
    webhook.alert(Samples.alert("libuv"));

    assertThat(paths).containsExactly("/hook?key=a%20b", "/hook?key=a%20b");
    assertThat(types).containsOnly("application/json");
    assertThat(bodies.get(0)).matches("[\\x20-\\x7e]*");
    JsonNode body = new ObjectMapper().readTree(bodies.get(0));
    assertThat(body.at("/alert").asText()).isEqualTo("finding-growth-3");
    assertThat(body.at("/kind").asText()).isEqualTo("finding");
    assertThat(body.at("/state").asText()).isEqualTo("raised");
    assertThat(body.at("/at").asText()).isEqualTo("2026-11-23T03:14:05Z");
    assertThat(body.at("/text").asText())
        .startsWith(
            "Descry: finding-growth-3 raised (pid 4711 on orders-7f): probable leak, 7 eventfd,"
                + " library lib\"}\\n<!channel>\\u202e\\ud800 é");
    assertThat(body.at("/report").isNull()).isTrue();
    assertThat(body.at("/process/pid").asInt()).isEqualTo(4711);
    assertThat(body.at("/process/command").asText()).isEqualTo("com.acme.Orders --port 80");
    assertThat(body.at("/descriptors/open").asInt()).isEqualTo(840);
    assertThat(body.at("/descriptors/usage").asDouble()).isEqualTo(0.84);
    assertThat(body.at("/descriptors/growthPerMinute").asDouble()).isEqualTo(12.346);
    assertThat(body.at("/descriptors/exhaustion").asText()).isEqualTo("2026-11-23T03:27:03Z");
    assertThat(body.at("/findings/0/library").asText()).isEqualTo(hostile);
    assertThat(body.at("/findings/0/evidence/0").asText()).isEqualTo(hostile + " adds up");
  }

  @Test
  void whatMayPassIsTriedOnceMore() throws Exception {
    status(503, 200);
    webhook(LONG).alert(Samples.alert("libuv"));
    assertThat(paths).hasSize(2);
    assertThat(bodies.get(0)).isEqualTo(bodies.get(1));
  }

  @Test
  void andThenGivenUp() {
    status(500, 429, 200);
    assertThatThrownBy(() -> webhook(LONG).alert(Samples.alert("libuv")))
        .isInstanceOf(IOException.class)
        .hasMessage("the webhook is given up after two tries: status 429");
    assertThat(paths).hasSize(2);
  }

  @Test
  void whatIsRefusedIsNotTriedAgain() {
    status(403, 200);
    assertThatThrownBy(() -> webhook(LONG).alert(Samples.alert("libuv")))
        .hasMessage("the webhook answered with status 403");
    assertThat(paths).hasSize(1);
  }

  @Test
  void redirectsAreNotFollowed() {
    answer(
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(307, -1);
        });
    assertThatThrownBy(() -> webhook(LONG).alert(Samples.alert("libuv")))
        .hasMessage("the webhook answered with status 307; redirects are not followed");
    assertThat(paths).hasSize(1).noneMatch(path -> path.contains("elsewhere"));
  }

  @Test
  void aServerThatSaysNothingIsNotWaitedForLong() {
    answer(exchange -> hang());
    assertThatThrownBy(() -> webhook(SHORT).alert(Samples.alert("libuv")))
        .hasMessage("the webhook is given up after two tries: no answer within 200 ms");
  }

  @Test
  void norIsABodyThatNeverEnds() {
    answer(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('x');
          exchange.getResponseBody().flush();
          hang();
        });
    assertThatThrownBy(() -> webhook(SHORT).alert(Samples.alert("libuv")))
        .hasMessage("the webhook is given up after two tries: no answer within 200 ms");
  }

  @Test
  void nobodyListening() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThatThrownBy(() -> webhook(free, LONG).alert(Samples.alert("libuv")))
        .hasMessageContaining("given up after two tries: java.net.ConnectException");
  }

  @Test
  void thereIsABoundPerHour() throws Exception {
    answer(exchange -> exchange.sendResponseHeaders(200, -1));
    WebhookAction webhook = webhook(LONG);
    for (int i = 0; i < WebhookAction.PER_HOUR + 5; i++) {
      webhook.alert(Samples.alert("libuv"));
    }
    assertThat(paths).hasSize(WebhookAction.PER_HOUR);
  }

  @Test
  void itsThreadsKeepNoJvmAlive() throws Exception {
    status(200);
    webhook(LONG).alert(Samples.alert("libuv"));
    assertThat(threads).isNotEmpty().allMatch(Thread::isDaemon);
  }

  private void hang() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
