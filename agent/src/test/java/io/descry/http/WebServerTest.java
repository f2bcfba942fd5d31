package io.descry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebServerTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(300);

  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new ArrayList<>();
  private final ThreadFactory factory =
      task -> {
        Thread thread = new Thread(task, "web");
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
      };
  private WebServer server;

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
  }

  @Test
  void answersAndEndsTheConnection() throws IOException {
    start((request, response) -> response.say(200, "hello"), WebServer.PATIENCE);

    assertThat(ask(GET))
        .startsWith("HTTP/1.1 200 OK\r\nConnection: close\r\n")
        .contains("\r\nContent-Length: 6\r\n", "\r\nX-Content-Type-Options: nosniff\r\n")
        .contains("\r\nCache-Control: no-store\r\n", "\r\nReferrer-Policy: same-origin\r\n")
        .endsWith("\r\n\r\nhello\n");
    assertThat(ask(GET.replace("GET", "HEAD"))).endsWith("\r\n\r\n");
    assertThat(ask("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(server.url()).isEqualTo("http://127.0.0.1:" + server.port() + "/");
  }

  @Test
  void aRefusalArrivesThoughTheClientGoesOnSending() throws IOException {
    start((request, response) -> response.say(200, "hello"), WebServer.PATIENCE);

    assertThat(ask("POST / HTTP/1.1\r\nContent-Length: 50000\r\n\r\n" + "x".repeat(50_000)))
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void aFaultIsNotToldToTheClient() throws IOException {
    start(
        (request, response) -> {
          throw new IllegalStateException("secret");
        },
        WebServer.PATIENCE);

    assertThat(ask(GET)).startsWith("HTTP/1.1 500 ").doesNotContain("secret", "Exception");
    assertThat(ask(GET)).startsWith("HTTP/1.1 500 ");
  }

  @Test
  void aHeaderCannotBeEndedByItsValue() throws IOException {
    start((request, response) -> response.header("A", "b\r\nC: d").send(200), WebServer.PATIENCE);

    assertThat(ask(GET)).startsWith("HTTP/1.1 500 ").doesNotContain("C: d");
  }

  @Test
  void acceptsNoMoreThanItMay() throws Exception {
    start((request, response) -> response.say(200, "hello"), WebServer.PATIENCE);
    for (int i = 0; i < WebServer.MOST + 10; i++) {
      connect();
    }

    await().until(() -> alive() == WebServer.MOST + 1);
    // One for each connection, and the one that accepts.
    await().during(Duration.ofMillis(300)).until(() -> alive() == WebServer.MOST + 1);
    sockets.remove(0).close();
    sockets.remove(0).close();
    await().untilAsserted(() -> assertThat(threads).hasSize(WebServer.MOST + 3));
  }

  @Test
  void answersThoughSilentClientsHoldEveryConnection() throws IOException {
    start((request, response) -> response.say(200, "hello"), SHORT);
    for (int i = 0; i < WebServer.MOST; i++) {
      connect().getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
    }

    assertThat(ask(GET)).endsWith("hello\n");
  }

  @Test
  void answersThoughClientsThatReadNothingHoldEveryConnection() throws IOException {
    byte[] much = new byte[1 << 20];
    start(
        (request, response) ->
            response.stream(
                "text/plain",
                out -> {
                  while (request.path().equals("/much")) {
                    out.write(much);
                  }
                }),
        SHORT);
    for (int i = 0; i < WebServer.MOST; i++) {
      OutputStream out = connect().getOutputStream();
      out.write("GET /much HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }

    assertThat(ask(GET)).startsWith("HTTP/1.1 200 OK\r\n");
  }

  @Test
  void saysThatAPortIsInUse() throws IOException {
    start((request, response) -> response.say(200, "hello"), WebServer.PATIENCE);
    int started = threads.size();

    assertThatThrownBy(
            () ->
                WebServer.start(
                    new ListenAddress(null, server.port()), (request, response) -> {}, factory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use");
    assertThat(threads).hasSize(started);
  }

  private void start(WebServer.Handler handler, long patience) throws IOException {
    server = WebServer.start(ListenAddress.parse("0"), handler, factory, patience);
  }

  private long alive() {
    return threads.stream().filter(Thread::isAlive).count();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    sockets.add(socket);
    return socket;
  }

  private String ask(String request) throws IOException {
    Socket socket = connect();
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
