package io.descry.lab.clean;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.PoolOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A service on the native transport whose client's pool grows to its size under more and more load,
 * and stays.
 */
final class VertxService implements Habit {
  private static final int POOL = 24;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2));
  private final HttpServer server;
  private final HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(POOL));

  VertxService() throws Exception {
    server =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> vertx.setTimer(20, timer -> request.response().end("ok")))
                .listen(0, "127.0.0.1"));
  }

  @Override
  public void step(int i) throws Exception {
    List<Future<Buffer>> answers = new ArrayList<>();
    for (int n = 0; n <= Math.min(i / 5, 2 * POOL); n++) {
      answers.add(
          client
              .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
              .compose(request -> request.send())
              .compose(HttpClientResponse::body));
    }
    await(Future.all(answers));
  }

  @Override
  public void finish() throws Exception {
    await(client.close());
    await(server.close());
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
