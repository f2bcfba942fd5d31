package io.descry.metrics;

import com.sun.net.httpserver.HttpExchange;
import io.descry.http.HttpEndpoint;
import io.descry.http.ListenAddress;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;

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

  private final HttpEndpoint endpoint;

  private ScrapeEndpoint(HttpEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * Starts to listen.
   *
   * @param factory makes the endpoint's threads, as in {@link HttpEndpoint#start}
   * @throws ScrapeException when it cannot, because the port is in use, the host is not of this
   *     machine, or the runtime lacks the module jdk.httpserver
   */
  public static ScrapeEndpoint start(
      ListenAddress address, PrometheusRegistry registry, ThreadFactory factory)
      throws ScrapeException {
    return start(address, registry, factory, HttpEndpoint.PATIENCE);
  }

  static ScrapeEndpoint start(
      ListenAddress address, PrometheusRegistry registry, ThreadFactory factory, long patienceNanos)
      throws ScrapeException {
    try {
      Scrapes scrapes = new Scrapes(registry);
      HttpEndpoint.Page page = (exchange, head) -> answer(scrapes, exchange, head);
      return new ScrapeEndpoint(HttpEndpoint.start(address, PATH, page, factory, patienceNanos));
    } catch (IOException e) {
      throw new ScrapeException("metrics are off: cannot listen on " + address + ": " + e, e);
    } catch (NoClassDefFoundError e) {
      throw new ScrapeException(
          "metrics are off: this Java runtime has no module jdk.httpserver", e);
    }
  }

  /** The port it listens on, the one that was picked when 0 was asked for. */
  public int port() {
    return endpoint.port();
  }

  /** Where to scrape, such as {@code http://127.0.0.1:9404/metrics}. */
  public String url() {
    return endpoint.url();
  }

  /** Stops at once; scrapes that are under way are cut off. */
  @Override
  public void close() {
    endpoint.close();
  }

  private static void answer(Scrapes scrapes, HttpExchange exchange, boolean head)
      throws IOException {
    Scrapes.Scrape scrape = scrapes.scrape(accept(exchange));
    exchange.getResponseHeaders().set("Content-Type", scrape.type());
    exchange.sendResponseHeaders(200, head ? -1 : scrape.body().length);
    if (!head) {
      exchange.getResponseBody().write(scrape.body());
    }
  }

  private static String accept(HttpExchange exchange) {
    var values = exchange.getRequestHeaders().get("Accept");
    return values == null ? "" : String.join(",", values);
  }
}
