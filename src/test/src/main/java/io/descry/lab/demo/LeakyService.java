package io.descry.lab.demo;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A small HTTP service on Vert.x and Netty's native epoll transport that leaks descriptors in three
 * ways, each in a method of its own, beside requests that leak nothing.
 *
 * <p>Usage: {@code LeakyService PRICE_PORT QUOTE_PORT DIRECTORY}. Prints {@code listening on PORT}
 * when it serves; runs until it is killed.
 */
public final class LeakyService {
  private final Vertx vertx;
  private final HttpClient client;
  private final int pricePort;
  private final int quotePort;
  private final Path catalogue;
  private final Path auditLog;
  private final Map<String, Socket> quoteConnections = new ConcurrentHashMap<>();

  private LeakyService(Vertx vertx, int pricePort, int quotePort, Path directory)
      throws IOException {
    this.vertx = vertx;
    this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(4));
    this.pricePort = pricePort;
    this.quotePort = quotePort;
    this.catalogue =
        Files.writeString(directory.resolve("catalogue.txt"), "one article a line\n".repeat(8_000));
    this.auditLog = directory.resolve("audit.log");
  }

  public static void main(String[] args) throws IOException {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(2)
                .setWorkerPoolSize(4));
    if (!vertx.isNativeTransportEnabled()) {
      throw new IllegalStateException(
          "Netty's native epoll transport is not available here",
          vertx.unavailableNativeTransportCause());
    }
    LeakyService service =
        new LeakyService(
            vertx, Integer.parseInt(args[0]), Integer.parseInt(args[1]), Path.of(args[2]));
    vertx
        .createHttpServer()
        .requestHandler(service::handle)
        .listen(0, "127.0.0.1")
        .onSuccess(server -> System.out.println("listening on " + server.actualPort()))
        .onFailure(
            failure -> {
              failure.printStackTrace();
              System.exit(1);
            });
  }

  private void handle(HttpServerRequest request) {
    Future<String> answer =
        switch (request.path()) {
          case "/hello" -> Future.succeededFuture("hello\n");
          case "/file" -> vertx.executeBlocking(this::countArticles);
          case "/proxy" -> fetchPrice();
          case "/export" -> vertx.executeBlocking(this::exportWithItsOwnEventLoop);
          case "/audit" -> vertx.executeBlocking(() -> appendToAuditLog(request.path()));
          case "/quote" -> vertx.executeBlocking(() -> fetchQuote(request.getParam("id", "0")));
          default -> Future.failedFuture("no such page");
        };
    answer
        .onSuccess(request.response()::end)
        .onFailure(failure -> request.response().setStatusCode(500).end(failure + "\n"));
  }

  /** Healthy: opens a file, reads it, closes it. */
  private String countArticles() throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(catalogue)) {
      return reader.lines().map(line -> line.split(" ")).count() + " articles\n";
    }
  }

  /** Healthy: the pool keeps its connections, grows to its size and stays there. */
  private Future<String> fetchPrice() {
    return client
        .request(HttpMethod.GET, pricePort, "127.0.0.1", "/")
        .compose(HttpClientRequest::send)
        .compose(HttpClientResponse::body)
        .map(body -> body.toString(StandardCharsets.UTF_8));
  }

  /** Leak: an event loop of its own for each export, never shut down. Native code opens it. */
  private String exportWithItsOwnEventLoop() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    return group.submit(() -> "exported\n").get();
  }

  /** Leak: the channel is dropped, not closed. */
  private String appendToAuditLog(String line) throws IOException {
    FileChannel channel =
        FileChannel.open(auditLog, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    return "noted\n";
  }

  /** Leak: the connection is kept for the next time; the backend has closed it long before. */
  private String fetchQuote(String id) throws IOException {
    Socket socket = new Socket("127.0.0.1", quotePort);
    quoteConnections.put(id, socket);
    return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
            .readLine()
        + "\n";
  }
}
