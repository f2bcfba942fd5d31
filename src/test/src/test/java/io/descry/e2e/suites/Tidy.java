package io.descry.e2e.suites;

import com.sun.net.httpserver.HttpServer;
import io.descry.junit.NoDescriptorLeaks;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;

/** No test of it leaks, though each leaves something open at some moment. */
@NoDescriptorLeaks
@ExtendWith(Tidy.Opening.class)
class Tidy {
  private static final Path ANY = Path.of(System.getProperty("java.home"), "release");

  private static final ExecutorService EXECUTOR = Executors.newSingleThreadExecutor();

  private static HttpServer server;
  private static InputStream lazy;
  private static Deque<SocketChannel> pool = new ArrayDeque<>();

  @TempDir private static Path directory;

  private InputStream eachTime;

  @BeforeAll
  static void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(EXECUTOR);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 1);
          exchange.getResponseBody().write('a');
          exchange.close();
        });
    server.start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.stop(0);
    EXECUTOR.shutdown();
    if (lazy != null) {
      lazy.close();
    }
    for (SocketChannel pooled : pool) {
      pooled.close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    eachTime = new FileInputStream(ANY.toFile());
  }

  @AfterEach
  void close() throws IOException {
    eachTime.close();
  }

  @Test
  void closes() throws IOException {
    try (InputStream in = Files.newInputStream(ANY);
        SocketChannel channel = SocketChannel.open();
        ServerSocketChannel listening = ServerSocketChannel.open();
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      selector.selectNow();
      listening.bind(null);
      in.read();
    }
  }

  @Test
  void closesNatively() throws SQLException {
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("closed.db"))) {
      connection.createStatement().execute("create table t (a)");
    }
  }

  @Test
  void sharesWithLaterTests() throws IOException {
    lazy = new FileInputStream(ANY.toFile());
  }

  @Test
  void growsAPool() throws IOException {
    pool.add(SocketChannel.open(new InetSocketAddress(server.getAddress().getAddress(), port())));
  }

  @Test
  void closesLater() throws IOException {
    InputStream in = new FileInputStream(ANY.toFile());
    Thread closer =
        new Thread(
            () -> {
              try {
                Thread.sleep(400);
                in.close();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    closer.start();
  }

  @Test
  @NoDescriptorLeaks(strict = true)
  void shutsLoopsDownAndDoesNotWait() {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    group.next().execute(() -> {});
    group.shutdownGracefully();
  }

  /** Before JDK 21 a client cannot be closed. */
  @Test
  void asksByHttp() throws Exception {
    URI address = URI.create("http://127.0.0.1:" + port());
    HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding());
    try (InputStream in = address.toURL().openStream()) {
      in.readAllBytes();
    }
  }

  @Test
  void needsWhatTheJdkKeeps() throws Exception {
    new SecureRandom().generateSeed(4);
    SecureRandom.getInstance("NativePRNG").nextInt();
    URL inJar = Test.class.getResource("Test.class");
    try (InputStream in = inJar.openStream()) {
      in.read();
    }
    AsynchronousSocketChannel.open().close();
    Class.forName("io.vertx.core.Vertx");
    new ProcessBuilder("true").start().waitFor();
  }

  @Test
  @NoDescriptorLeaks(ignore = "io.descry.e2e.suites.Tidy$Registry")
  void keepsOnPurpose() throws IOException {
    Registry.open();
  }

  @Test
  @NoDescriptorLeaks(check = false)
  void isExcepted() throws IOException {
    new FileInputStream(ANY.toFile()).read();
  }

  @Test
  void endsInterrupted() {
    Thread.currentThread().interrupt();
  }

  private static int port() {
    return server.getAddress().getPort();
  }

  private static final class Registry {
    private static InputStream kept;

    static void open() throws IOException {
      kept = new FileInputStream(ANY.toFile());
    }
  }

  /** As extensions do: what they store is closed after all callbacks. */
  static final class Opening implements BeforeEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
      InputStream open = new FileInputStream(ANY.toFile());
      context
          .getStore(ExtensionContext.Namespace.create(Opening.class))
          .put("open", (AutoCloseable) open::close);
    }
  }
}
