package io.descry.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Serves a registry at {@code /metrics}, in the Prometheus text format or OpenMetrics, whichever
 * the scraper asks for; nothing else is answered but with a bare status.
 *
 * <p>This is the JDK's HTTP server with the Prometheus client's writers, and not the client's own
 * HTTPServer: that one sets two system properties for the whole JVM (sun.net.httpserver.maxReqTime
 * and maxRspTime, which time out the application's servers too) and sends stack traces to whoever
 * asks.
 */
public final class ScrapeEndpoint implements AutoCloseable {
  private static final String PATH = "/metrics";
  private static final String PROTOBUF = "application/vnd.google.protobuf";
  private static final int BACKLOG = 16;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  private final String host;
  private final HttpServer server;
  private final ScrapeThreads threads;
  private final PrometheusRegistry registry;
  // Built, not loaded: the application's properties are about its own metrics.
  private final ExpositionFormats formats =
      ExpositionFormats.init(PrometheusProperties.builder().build());

  private ScrapeEndpoint(
      String host, HttpServer server, ScrapeThreads threads, PrometheusRegistry registry) {
    this.host = host;
    this.server = server;
    this.threads = threads;
    this.registry = registry;
  }

  /**
   * Starts to listen.
   *
   * @param factory makes the endpoint's threads; they become daemons, so that the endpoint never
   *     keeps the JVM alive. The JDK's own dispatcher thread, which accepts the connections, is
   *     started from one of them and inherits its thread group and context class loader
   * @throws ScrapeException when it cannot, because the port is in use, the host is not of this
   *     machine, or the runtime lacks the module jdk.httpserver
   */
  public static ScrapeEndpoint start(
      ScrapeAddress address, PrometheusRegistry registry, ThreadFactory factory)
      throws ScrapeException {
    return start(address, registry, factory, PATIENCE);
  }

  static ScrapeEndpoint start(
      ScrapeAddress address, PrometheusRegistry registry, ThreadFactory factory, long patienceNanos)
      throws ScrapeException {
    try {
      // Unlike getByName(null), this is loopback under every stack preference.
      InetAddress host =
          address.host() == null
              ? InetAddress.getLoopbackAddress()
              : InetAddress.getByName(address.host());
      HttpServer server = HttpServer.create(new InetSocketAddress(host, address.port()), BACKLOG);
      ThreadFactory daemons = task -> daemon(factory, task);
      ScrapeThreads threads = new ScrapeThreads(daemons, patienceNanos);
      ScrapeEndpoint endpoint =
          new ScrapeEndpoint(host.getHostAddress(), server, threads, registry);
      server.setExecutor(threads);
      server.createContext("/", endpoint::answer);
      startFrom(daemons, server);
      return endpoint;
    } catch (IOException e) {
      throw new ScrapeException("metrics are off: cannot listen on " + address + ": " + e, e);
    } catch (NoClassDefFoundError e) {
      throw new ScrapeException(
          "metrics are off: this Java runtime has no module jdk.httpserver", e);
    }
  }

  /** The port it listens on, the one that was picked when 0 was asked for. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Where to scrape, such as {@code http://127.0.0.1:9404/metrics}. */
  public String url() {
    return "http://" + new ScrapeAddress(host, port()) + PATH;
  }

  /** Stops at once; scrapes that are under way are cut off. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static Thread daemon(ThreadFactory factory, Runnable task) {
    Thread thread = factory.newThread(task);
    thread.setDaemon(true);
    return thread;
  }

  /** HttpServer.start makes its dispatcher a daemon only when a daemon calls it. */
  private static void startFrom(ThreadFactory daemons, HttpServer server) {
    Thread starter = daemons.newThread(server::start);
    starter.start();
    boolean interrupted = false;
    while (true) {
      try {
        starter.join();
        break;
      } catch (InterruptedException e) {
        // Starting takes no time; whoever wanted us to stop is told afterwards.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      boolean head = method.equals("HEAD");
      if (!exchange.getRequestURI().getPath().equals(PATH)) {
        exchange.sendResponseHeaders(404, -1);
      } else if (!head && !method.equals("GET")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(405, -1);
      } else {
        scrape(exchange, head);
      }
    }
  }

  private void scrape(HttpExchange exchange, boolean head) throws IOException {
    ExpositionFormatWriter writer = formats.findWriter(withoutProtobuf(accept(exchange)));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    writer.write(body, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    exchange.getResponseHeaders().set("Content-Type", writer.getContentType());
    exchange.sendResponseHeaders(200, head ? -1 : body.size());
    if (!head) {
      body.writeTo(exchange.getResponseBody());
    }
  }

  private static String accept(HttpExchange exchange) {
    var values = exchange.getRequestHeaders().get("Accept");
    return values == null ? "" : String.join(",", values);
  }

  /**
   * The client's writers would pick protobuf for a scraper that names it, even where it is not on
   * the class path. Every scraper that names it names text as well.
   */
  static String withoutProtobuf(String accept) {
    return Arrays.stream(accept.split(","))
        .filter(range -> !range.contains(PROTOBUF))
        .collect(Collectors.joining(","));
  }
}
