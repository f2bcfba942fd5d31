package io.descry.lab.host;

import com.sun.net.httpserver.HttpServer;
import io.descry.lab.Dialogue;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** The service of the pages about where Descry runs: it forgets a channel four times a second. */
public final class Orders {
  private static final int OK = 200;
  private static final long PAUSE_MILLIS = 250;
  private static final int QUOTES_PER_COLLECTION = 4;

  private Orders() {}

  /**
   * The program.
   *
   * @param args none; the port is that of the variable {@code PORT}, or 8080
   */
  public static void main(String[] args) throws Exception {
    String port = System.getenv().getOrDefault("PORT", "8080");
    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(port)), 0);
    server.createContext(
        "/ready",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(OK, -1);
          }
        });
    server.start();
    Dialogue.say("port " + server.getAddress().getPort());
    for (int quotes = 1; true; quotes++) {
      fetchQuote();
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      if (quotes % QUOTES_PER_COLLECTION == 0) {
        // Only what the collector has looked at is known to be forgotten.
        System.gc();
      }
    }
  }

  private static void fetchQuote() throws IOException {
    SocketChannel.open();
  }
}
