package io.descry.lab.life;

import com.sun.net.httpserver.HttpServer;
import io.descry.lab.Dialogue;
import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP service that leaks a file with each of its first requests, and which at SIGTERM ends as
 * many do: at once, and what is on its way is lost.
 */
public final class LeakyServer {
  private static final List<FileInputStream> LEAKED = new CopyOnWriteArrayList<>();

  private LeakyServer() {}

  /**
   * The program.
   *
   * @param args how many files it leaks
   */
  public static void main(String[] args) throws Exception {
    int most = Integer.parseInt(args[0]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    server.setExecutor(threads);
    server.createContext(
        "/work",
        exchange -> {
          try (exchange) {
            if (LEAKED.size() < most) {
              LEAKED.add(new FileInputStream("/proc/version"));
            }
            TimeUnit.MILLISECONDS.sleep(20);
            byte[] body = "done".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    Dialogue.ask("port " + server.getAddress().getPort());
    server.stop(0);
    threads.shutdownNow();
  }
}
