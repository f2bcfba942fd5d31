package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** What tests ask of the services that they have started. */
final class Web {
  // Below the range from which the kernel takes the ports of those who ask for none.
  private static final int LOWEST_PORT = 20_000;
  private static final int PORTS = 10_000;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Web() {}

  /** A service on loopback. */
  static URI at(String port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The body of an answer with status 200. */
  static String get(URI resource) {
    HttpResponse<String> response = ask(resource);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  /** Asks so often, one after the other. */
  static void times(int times, URI resource) {
    for (int i = 0; i < times; i++) {
      get(resource);
    }
  }

  static int status(URI resource) {
    return ask(resource).statusCode();
  }

  /** A port that is free now, for a program that cannot be told to pick one. */
  static int freePort() {
    while (true) {
      int port = LOWEST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Somebody has it: the next.
        continue;
      }
    }
  }

  private static HttpResponse<String> ask(URI resource) {
    HttpRequest request =
        HttpRequest.newBuilder(resource)
            .header("Accept", "text/plain, */*")
            .timeout(Duration.ofSeconds(60))
            .build();
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
