package io.descry.lab.clean;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's server and client; the client's connections grow in number with the load, and stay. */
final class HttpService implements Habit {
  private static final int MOST = 24;

  private final HttpServer server =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
  private final ExecutorService workers = Executors.newFixedThreadPool(MOST);
  private final HttpRequest request;
  private HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  HttpService() throws Exception {
    server.createContext(
        "/",
        exchange -> {
          pause();
          byte[] body = {'o', 'k'};
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.setExecutor(workers);
    server.start();
    request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"))
            .build();
  }

  @Override
  public void step(int i) {
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (int n = 0; n < Math.min(1 + i / 5, MOST); n++) {
      answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }
    answers.forEach(CompletableFuture::join);
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      // The server stops.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void finish() {
    client = null;
    server.stop(0);
    workers.shutdownNow();
  }
}
