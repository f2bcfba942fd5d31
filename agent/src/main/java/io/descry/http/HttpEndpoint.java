package io.descry.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Serves one page over HTTP by the JDK's own server, to GET and HEAD; nothing else is answered but
 * with a bare status. Its threads are few, and a slow client does not hold one for long.
 */
public final class HttpEndpoint implements AutoCloseable {
  private static final int BACKLOG = 16;

  /** How long a client may hold a thread that others wait for, in ns. */
  public static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  /** What is served. */
  @FunctionalInterface
  public interface Page {
    /**
     * Answers a request for the page; called by several threads.
     *
     * @param head whether no more than the head is wanted
     */
    void answer(HttpExchange exchange, boolean head) throws IOException;
  }

  private final String host;
  private final String path;
  private final HttpServer server;
  private final EndpointThreads threads;

  private HttpEndpoint(String host, String path, HttpServer server, EndpointThreads threads) {
    this.host = host;
    this.path = path;
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts to listen.
   *
   * @param path of the page, such as {@code /health}
   * @param factory makes the endpoint's threads; they become daemons, so that the endpoint never
   *     keeps the JVM alive. The JDK's own dispatcher thread, which accepts the connections, is
   *     started from one of them and inherits its thread group and context class loader
   * @throws IOException when it cannot, because the port is in use or the host is not of this
   *     machine
   * @throws NoClassDefFoundError when the runtime lacks the module jdk.httpserver
   */
  public static HttpEndpoint start(
      ListenAddress address, String path, Page page, ThreadFactory factory) throws IOException {
    return start(address, path, page, factory, PATIENCE);
  }

  /** Likewise, with a patience other than {@link #PATIENCE}. */
  public static HttpEndpoint start(
      ListenAddress address, String path, Page page, ThreadFactory factory, long patienceNanos)
      throws IOException {
    InetAddress host = address.resolve();
    HttpServer server = HttpServer.create(new InetSocketAddress(host, address.port()), BACKLOG);
    ThreadFactory daemons = task -> daemon(factory, task);
    EndpointThreads threads = new EndpointThreads(daemons, patienceNanos);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, path, page));
    startFrom(daemons, server);
    return new HttpEndpoint(host.getHostAddress(), path, server, threads);
  }

  /** The port it listens on, the one that was picked when 0 was asked for. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Where the page is, such as {@code http://127.0.0.1:9404/metrics}. */
  public String url() {
    return "http://" + new ListenAddress(host, port()) + path;
  }

  /** Stops at once; requests that are under way are cut off. */
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

  private static void answer(HttpExchange exchange, String path, Page page) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      boolean head = method.equals("HEAD");
      if (!exchange.getRequestURI().getPath().equals(path)) {
        exchange.sendResponseHeaders(404, -1);
      } else if (!head && !method.equals("GET")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(405, -1);
      } else {
        page.answer(exchange, head);
      }
    }
  }
}
