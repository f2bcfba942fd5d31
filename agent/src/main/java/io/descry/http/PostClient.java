package io.descry.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * Posts over HTTP or HTTPS to where the operator said; redirects are not followed. Safe for use by
 * several threads.
 *
 * <p>To be made early: at the limit of descriptors what TLS needs cannot be opened, nor the JDK's
 * network libraries, and classes that are initialised then (javax.crypto.JceSecurity,
 * sun.nio.ch.Net) fail for good, for the application too. Its selector and its connections are
 * opened by Descry's threads, and so are never counted as the application's.
 */
public final class PostClient {
  private final HttpClient client;
  private final Duration patience;

  /**
   * A client that waits so long for an answer. To be made by a thread of Descry's.
   *
   * @param threads makes the client's threads, daemons
   * @throws IOException when no client can be made
   * @throws LinkageError when this Java runtime lacks the module java.net.http
   */
  public PostClient(ThreadFactory threads, Duration patience) throws IOException {
    this.patience = patience;
    this.client = client(threads, patience);
  }

  /**
   * Sends a request and waits for the whole answer, whose body it drops.
   *
   * @return the answer's status
   * @throws IOException when there is none in time, or it cannot be sent
   */
  public int post(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    try {
      // Not the request's own timeout: that ends with the headers, and a body may never end.
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + patience.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      // Whatever it is: what lacks a descriptor is an InternalError in JDK 17.
      throw new IOException(e.getCause().toString(), e.getCause());
    } finally {
      // Closes the connection of what has not ended (since JDK 16).
      answer.cancel(true);
    }
  }

  private static HttpClient client(ThreadFactory threads, Duration patience) throws IOException {
    // Closed at once: what matters is that the classes and libraries behind it are loaded.
    SocketChannel.open().close();
    try {
      // Not the default context: the application may yet set what that one is made from.
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, null, null);
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(patience)
          .sslContext(context)
          .executor(Executors.newCachedThreadPool(threads))
          .build();
    } catch (GeneralSecurityException | UncheckedIOException e) {
      throw new IOException("no HTTP client can be made: " + e, e);
    }
  }
}
