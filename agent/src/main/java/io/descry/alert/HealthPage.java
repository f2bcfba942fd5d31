package io.descry.alert;

import com.sun.net.httpserver.HttpExchange;
import io.descry.http.HttpEndpoint;
import io.descry.http.ListenAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadFactory;

/**
 * {@code /health} for a balancer: 200 {@code ok}, and 503 {@code draining} from {@link #drain} on.
 * Says nothing of how the application is. Safe for several threads.
 */
public final class HealthPage implements Drained {
  private static final String PATH = "/health";

  private final HttpEndpoint endpoint;
  private volatile boolean draining;

  /**
   * Starts to listen.
   *
   * @throws IOException with a message for an operator
   */
  public HealthPage(ListenAddress address, ThreadFactory factory) throws IOException {
    try {
      endpoint = HttpEndpoint.start(address, PATH, this::answer, factory);
    } catch (IOException e) {
      throw new IOException("there is no health page: cannot listen on " + address + ": " + e, e);
    } catch (NoClassDefFoundError e) {
      throw new IOException(
          "there is no health page: this Java runtime has no module jdk.httpserver", e);
    }
  }

  @Override
  public String url() {
    return endpoint.url();
  }

  @Override
  public void drain() {
    draining = true;
  }

  private void answer(HttpExchange exchange, boolean head) throws IOException {
    boolean ending = draining;
    byte[] body = (ending ? "draining\n" : "ok\n").getBytes(StandardCharsets.US_ASCII);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(ending ? 503 : 200, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }
}
