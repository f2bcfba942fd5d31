package io.descry.lab.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Sends {@link LeakyService} its requests, at a steady pace. For one thread. */
final class Driver {
  private static final Duration PACE = Duration.ofMillis(25);
  private static final String[] HEALTHY = {"/hello", "/file", "/proxy"};

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI service;
  private final Map<String, Integer> sent = new TreeMap<>();
  private int tick;

  /** For the service at this loopback port. */
  Driver(int port) {
    service = URI.create("http://127.0.0.1:" + port);
  }

  /**
   * Twenty healthy requests a second, and of those that leak eight each.
   *
   * @throws IllegalStateException when the service answers anything but 200
   */
  void drive(Duration howLong) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long ticks = howLong.dividedBy(PACE);
    for (long i = 1; i <= ticks; i++, tick++) {
      if (tick % 2 == 0) {
        request(HEALTHY[tick / 2 % HEALTHY.length]);
      }
      switch (tick % 5) {
        case 0 -> request("/export");
        case 2 -> request("/audit");
        case 4 -> request("/quote?id=" + tick);
        default -> {}
      }
      TimeUnit.NANOSECONDS.sleep(start + i * PACE.toNanos() - System.nanoTime());
    }
  }

  /** How many requests went to each path so far. */
  Map<String, Integer> sent() {
    return Collections.unmodifiableMap(sent);
  }

  private void request(String target) throws IOException, InterruptedException {
    URI uri = service.resolve(target);
    HttpResponse<String> answer =
        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(uri + ": " + answer.statusCode() + " " + answer.body());
    }
    sent.merge(uri.getPath(), 1, Integer::sum);
  }
}
