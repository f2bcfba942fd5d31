package io.descry.lab.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What {@link LeakyService} calls: prices over HTTP with connections that stay open, and quotes
 * over bare TCP where one connection serves one line and is closed by this side. Runs in another
 * process than the service, so that the service's descriptors are the service's alone.
 */
final class Backend implements AutoCloseable {
  private final HttpServer prices;
  private final ExecutorService workers = Executors.newFixedThreadPool(2);
  private final ServerSocket quotes;

  /** Listens on two free loopback ports. */
  Backend() throws IOException {
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    prices = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    prices.setExecutor(workers);
    prices.createContext(
        "/",
        exchange -> {
          byte[] body = "{\"price\": 4200}\n".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    prices.start();
    quotes = new ServerSocket(0, 50, loopback);
    Thread acceptor = new Thread(this::serveQuotes, "quotes");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  int pricePort() {
    return prices.getAddress().getPort();
  }

  int quotePort() {
    return quotes.getLocalPort();
  }

  private void serveQuotes() {
    try {
      while (true) {
        try (Socket client = quotes.accept()) {
          client.getOutputStream().write("4242\n".getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (SocketException e) {
      if (!quotes.isClosed()) {
        throw new UncheckedIOException(e);
      }
      // Closed: this is how accept() ends.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    quotes.close();
    prices.stop(0);
    workers.shutdown();
  }
}
