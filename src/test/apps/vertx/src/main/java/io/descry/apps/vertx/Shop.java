package io.descry.apps.vertx;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetClient;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;

/**
 * A service on Netty's native transport that connects to a warehouse for each request, and closes
 * the connection or forgets to.
 *
 * <p>Usage: {@code Shop PORT WAREHOUSE_PORT}.
 */
public final class Shop {
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Vertx vertx =
      Vertx.builder()
          .with(
              new VertxOptions()
                  .setPreferNativeTransport(true)
                  .setEventLoopPoolSize(2)
                  .setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
          .withMetrics(new MicrometerMetricsFactory(meters))
          .build();
  private final NetClient client = vertx.createNetClient();
  private final int warehouse;

  private Shop(int warehouse) {
    this.warehouse = warehouse;
  }

  public static void main(String[] args) {
    Shop shop = new Shop(Integer.parseInt(args[1]));
    shop.vertx
        .createHttpServer()
        .requestHandler(shop::handle)
        .listen(Integer.parseInt(args[0]))
        .onSuccess(
            server ->
                System.out.println(
                    "listening on port "
                        + server.actualPort()
                        + ", native transport: "
                        + shop.vertx.isNativeTransportEnabled()))
        .onFailure(
            failure -> {
              failure.printStackTrace();
              System.exit(1);
            });
  }

  private void handle(HttpServerRequest request) {
    Future<String> answer =
        switch (request.path()) {
          case "/stock" -> stock();
          case "/reserve" -> reserve();
          case "/metrics" -> vertx.executeBlocking(meters::scrape);
          default -> Future.failedFuture("no such page");
        };
    answer
        .onSuccess(request.response()::end)
        .onFailure(failure -> request.response().setStatusCode(500).end(failure + "\n"));
  }

  /** Closes its connection. */
  private Future<String> stock() {
    return client.connect(warehouse, "127.0.0.1").compose(socket -> socket.close().map("7\n"));
  }

  /** Leak: nobody closes the connection. */
  private Future<String> reserve() {
    return client.connect(warehouse, "127.0.0.1").map(socket -> "reserved\n");
  }
}
