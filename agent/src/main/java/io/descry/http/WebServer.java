package io.descry.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves several pages, some of which may last, to {@value #MOST} connections at a time, each with
 * a thread of its own for as long as it lasts; whoever comes beyond that waits in the kernel's
 * queue, where it takes no descriptor. One request a connection.
 *
 * <p>The JDK's server has no such bound: it accepts whatever comes, and keeps it for half a minute,
 * unless system properties say otherwise, which hold for the application's servers too. A
 * descriptor that is spent here is the application's.
 */
public final class WebServer implements AutoCloseable {
  /** Connections at a time. */
  public static final int MOST = 32;

  /** How long a request may take to come, and how long a client may let what it is sent lie. */
  public static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final int BACKLOG = 16;
  private static final long PAUSE_MILLIS = 1000;

  /** Answers requests. */
  @FunctionalInterface
  public interface Handler {
    /** Answers one; called by several threads. */
    void answer(WebRequest request, WebResponse response) throws IOException;
  }

  private final ServerSocket listening;
  private final Handler handler;
  private final ThreadFactory threads;
  private final long patience;
  private final Semaphore free = new Semaphore(MOST);
  private final Set<WebConnection> connections = ConcurrentHashMap.newKeySet();

  private WebServer(ServerSocket listening, Handler handler, ThreadFactory threads, long patience) {
    this.listening = listening;
    this.handler = handler;
    this.threads = threads;
    this.patience = patience;
  }

  /**
   * Starts to listen.
   *
   * @param threads makes the server's threads, daemons
   * @throws IOException when it cannot, because the port is in use or the host is not of this
   *     machine
   */
  public static WebServer start(ListenAddress address, Handler handler, ThreadFactory threads)
      throws IOException {
    return start(address, handler, threads, PATIENCE);
  }

  static WebServer start(
      ListenAddress address, Handler handler, ThreadFactory threads, long patienceNanos)
      throws IOException {
    ServerSocket listening = new ServerSocket();
    try {
      // As Linux needs it to listen again while connections of the process before linger.
      listening.setReuseAddress(true);
      listening.bind(new InetSocketAddress(address.resolve(), address.port()), BACKLOG);
    } catch (IOException | RuntimeException e) {
      listening.close();
      throw e;
    }
    WebServer server = new WebServer(listening, handler, threads, patienceNanos);
    threads.newThread(server::accept).start();
    return server;
  }

  /** The port it listens on, the one that was picked when 0 was asked for. */
  public int port() {
    return listening.getLocalPort();
  }

  /** Where it is, such as {@code http://127.0.0.1:7070/}. */
  public String url() {
    return "http://" + new ListenAddress(listening.getInetAddress().getHostAddress(), port()) + "/";
  }

  /** Stops at once; what is under way is cut off. */
  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      LOG.warn("the server socket cannot be closed", e);
    }
    connections.forEach(WebConnection::cut);
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        awaitRoom();
        serve(listening.accept());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Throwable t) {
        if (!listening.isClosed()) {
          // At its limit a process can accept nothing, and may yet have descriptors again.
          LOG.warn("no connection can be accepted: {}", t.toString());
          pause();
        }
      }
    }
  }

  /** A slot is free afterwards, and not taken. */
  private void awaitRoom() throws InterruptedException {
    while (!free.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
      connections.stream()
          .filter(one -> one.isStuck() || one.isOverdue())
          .forEach(WebConnection::cut);
    }
    free.release();
  }

  private void serve(Socket socket) throws IOException {
    connections.stream().filter(WebConnection::isStuck).forEach(WebConnection::cut);
    WebConnection connection = null;
    try {
      connection = new WebConnection(socket, patience);
      WebConnection served = connection;
      connections.add(served);
      free.acquireUninterruptibly();
      threads.newThread(() -> answer(served)).start();
    } catch (IOException | RuntimeException | Error e) {
      if (connection != null && connections.remove(connection)) {
        free.release();
      }
      socket.close();
      throw e;
    }
  }

  private void answer(WebConnection connection) {
    try {
      WebResponse response = new WebResponse(connection);
      answer(connection, response);
      connection.finish();
    } catch (IOException e) {
      // The client has left, or takes too long: that is its own affair.
      LOG.debug("a connection ended early: {}", e.toString());
    } catch (Throwable t) {
      LOG.warn("a request could not be answered", t);
    } finally {
      connection.cut();
      connections.remove(connection);
      free.release();
    }
  }

  private void answer(WebConnection connection, WebResponse response) throws IOException {
    try {
      WebRequest request = WebRequest.read(connection.input());
      if (request != null) {
        if (request.method().equals("HEAD")) {
          response.headOnly();
        }
        handler.answer(request, response);
      }
    } catch (WebRequest.Refused e) {
      response.say(e.status(), e.getMessage());
    } catch (RuntimeException | Error e) {
      if (!response.begun()) {
        response.say(500, "Descry could not answer; its log says why (option log)");
      }
      throw e;
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
