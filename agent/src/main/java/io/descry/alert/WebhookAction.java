package io.descry.alert;

import io.descry.http.PostClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts each alert as JSON. What fails in a way that may pass (no answer, 429, 5xx) is tried a
 * second time after a pause, and then given up; a redirect is not followed, for the operator named
 * one address. At most {@value #PER_HOUR} within an hour.
 *
 * <p>The client is made at once, and not with the first alert, see {@link PostClient}.
 */
public final class WebhookAction implements AlertAction {
  static final int PER_HOUR = 60;
  private static final Logger LOG = LoggerFactory.getLogger(WebhookAction.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int TOO_MANY_REQUESTS = 429;

  private final URI address;
  private final WebhookBody body;
  private final String agent;
  private final PostClient client;
  private final Duration pause;
  private final HourlyLimit limit = new HourlyLimit(PER_HOUR);

  /**
   * Posts to an address. To be made by a thread of Descry's.
   *
   * @param threads makes the client's threads, daemons
   * @throws IOException when no client can be made
   * @throws LinkageError when this Java runtime lacks the module java.net.http
   */
  public WebhookAction(URI address, Sender sender, ThreadFactory threads) throws IOException {
    this(address, sender, threads, PATIENCE, PAUSE);
  }

  WebhookAction(
      URI address, Sender sender, ThreadFactory threads, Duration patience, Duration pause)
      throws IOException {
    this.address = address;
    this.body = new WebhookBody(sender);
    this.agent = "descry/" + sender.version();
    this.pause = pause;
    this.client = new PostClient(threads, patience);
  }

  @Override
  public void alert(Alert alert) throws IOException, InterruptedException {
    if (!limit.take()) {
      LOG.warn("alert {}: more than {} posts an hour, not posted", alert.name(), PER_HOUR);
      return;
    }
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .header("User-Agent", agent)
            .POST(HttpRequest.BodyPublishers.ofString(body.of(alert)))
            .build();
    String failure = post(request);
    if (failure != null) {
      // Not all of a fleet at the same moment.
      TimeUnit.MILLISECONDS.sleep(
          pause.toMillis() + ThreadLocalRandom.current().nextLong(1 + pause.toMillis()));
      failure = post(request);
    }
    if (failure != null) {
      throw new IOException("the webhook is given up after two tries: " + failure);
    }
  }

  /**
   * Posts once.
   *
   * @return why another try makes sense; {@code null} when none is needed
   * @throws IOException when none makes sense
   */
  private String post(HttpRequest request) throws IOException, InterruptedException {
    int status;
    try {
      status = client.post(request);
    } catch (IOException e) {
      return e.getMessage();
    }
    if (status == TOO_MANY_REQUESTS || status >= 500) {
      return "status " + status;
    }
    if (status >= 300) {
      throw new IOException(
          "the webhook answered with status "
              + status
              + (status < 400 ? "; redirects are not followed" : ""));
    }
    return null;
  }
}
