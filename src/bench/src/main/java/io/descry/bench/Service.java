package io.descry.bench;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A service that answers every request with a short text, on loopback. */
enum Service {
  VERTX("Vert.x, epoll") {
    @Override
    int start() throws Exception {
      Vertx vertx =
          Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
      if (!vertx.isNativeTransportEnabled()) {
        throw new IOException("no native transport", vertx.unavailableNativeTransportCause());
      }
      return vertx
          .createHttpServer()
          .requestHandler(request -> request.response().end(ANSWER))
          .listen(0, "127.0.0.1")
          .toCompletionStage()
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS)
          .actualPort();
    }
  },
  JDK("JDK HttpServer") {
    @Override
    int start() throws IOException {
      byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            if ("close".equals(exchange.getRequestHeaders().getFirst("Connection"))) {
              // The server closes then, but does not say so, and wrk would send the next request.
              exchange.getResponseHeaders().set("Connection", "close");
            }
            exchange.sendResponseHeaders(200, answer.length);
            try (OutputStream body = exchange.getResponseBody()) {
              body.write(answer);
            }
          });
      ExecutorService threads = Executors.newFixedThreadPool(4);
      server.setExecutor(threads);
      server.start();
      return server.getAddress().getPort();
    }
  };

  private static final String ANSWER = "All is well with this service.\n";

  /** As tables call it. */
  final String title;

  Service(String title) {
    this.title = title;
  }

  /** Starts it and returns its port. It ends with the JVM. */
  abstract int start() throws Exception;

  /**
   * Runs a service until its standard input ends, and prints its port. A line of its input is a
   * question; it prints a number for it.
   *
   * <p>Arguments: which.
   */
  static final class Run {
    /** Lets the heap age: the bytes of garbage that this took. */
    static final String AGE = "age";

    /** The milliseconds that were spent in compilers (CompilationMXBean). */
    static final String COMPILED = "compiled";

    private Run() {}

    /** Runs it; see the class. */
    public static void main(String[] arguments) throws Exception {
      System.out.println(valueOf(arguments[0]).start());
      BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
      for (String question = in.readLine(); question != null; question = in.readLine()) {
        System.out.println(
            switch (question) {
              case AGE -> age();
              case COMPILED -> ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
              default -> throw new IOException("no such question: " + question);
            });
      }
      System.exit(0);
    }

    /**
     * Makes garbage until so many collections have passed as promote whatever lives
     * (MaxTenuringThreshold of HotSpot is 15): until then each copies what was made at start.
     */
    private static long age() {
      long enough = collections() + 16;
      long made = 0;
      while (collections() < enough) {
        byte[] garbage = new byte[1024];
        made += garbage.length;
      }
      return made;
    }

    private static long collections() {
      return ManagementFactory.getGarbageCollectorMXBeans().stream()
          .mapToLong(GarbageCollectorMXBean::getCollectionCount)
          .sum();
    }
  }
}
