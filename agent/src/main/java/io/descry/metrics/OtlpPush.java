package io.descry.metrics;

import io.descry.http.PostClient;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.registry.otlp.AggregationTemporality;
import io.micrometer.registry.otlp.CompressionMode;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes the meters to a receiver of OpenTelemetry's, a collector as a rule, by OTLP over HTTP. A
 * push that fails is not repeated: the next has newer figures. The first of a row of failures is
 * logged, and the end of the row.
 */
public final class OtlpPush {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpPush.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final OtlpSettings settings;
  private final PostClient client;
  private boolean failing;

  private OtlpPush(OtlpSettings settings, PostClient client) {
    this.settings = settings;
    this.client = client;
  }

  /**
   * Pushes from now on, as the options say and what OpenTelemetry reads. To be called by a thread
   * of Descry's.
   *
   * @param options Descry's
   * @param duration reads a duration; throws IllegalArgumentException or ArithmeticException
   * @param threads makes threads by name and task, daemons
   * @param problems gets one line for what cannot be used
   * @return where to; {@code null} when nothing is pushed, and {@code problems} says why
   * @throws IOException when no client can be made
   * @throws LinkageError when this Java runtime lacks the module java.net.http
   */
  public static String start(
      DescryMetrics metrics,
      MetricsSource source,
      Map<String, String> options,
      Function<String, Duration> duration,
      ThreadFactory threads,
      List<String> problems)
      throws IOException {
    OtlpSettings settings =
        OtlpSettings.read(options, System.getProperties(), System.getenv(), duration, problems);
    if (settings == null) {
      return null;
    }
    OtlpPush push = new OtlpPush(settings, new PostClient(threads, PATIENCE));
    MeterRegistry registry =
        OtlpMeterRegistry.builder(push.config())
            .clock(Clock.SYSTEM)
            .threadFactory(threads)
            .metricsSender(push::send)
            .build();
    metrics.bindTo(registry);
    standard(registry, source);
    return settings.shown();
  }

  /**
   * Count and limit under the names of OpenTelemetry's semantic conventions, "JVM metrics", so that
   * what is built for these works.
   */
  private static void standard(MeterRegistry registry, MetricsSource source) {
    Gauge.builder(
            "jvm.file_descriptor.count", source, of -> of.count() < 0 ? Double.NaN : of.count())
        .description("Number of open file descriptors")
        .baseUnit("{file_descriptor}")
        .register(registry);
    Gauge.builder("jvm.file_descriptor.limit", source, DescryMetrics::limit)
        .description("Limit of open file descriptors")
        .baseUnit("{file_descriptor}")
        .register(registry);
  }

  private void send(OtlpMetricsSender.Request request) throws InterruptedException {
    String failure;
    try {
      failure = failure(client.post(post(request)));
    } catch (IOException e) {
      failure = e.getMessage();
    }
    if (failure == null && failing) {
      LOG.info("metrics reach {} again", settings.shown());
    } else if (failure != null && !failing) {
      LOG.warn("metrics do not reach {}: {}; tried again each time", settings.shown(), failure);
    }
    failing = failure != null;
  }

  private static String failure(int status) {
    return status >= 200 && status < 300 ? null : "status " + status;
  }

  private HttpRequest post(OtlpMetricsSender.Request request) {
    HttpRequest.Builder post =
        HttpRequest.newBuilder(settings.address())
            .POST(HttpRequest.BodyPublishers.ofByteArray(request.getMetricsData()));
    settings.headers().forEach(post::header);
    return post.setHeader("Content-Type", "application/x-protobuf").build();
  }

  /** Nothing in it is read from anywhere else. Its address is logged; {@link #send} has its own. */
  private OtlpConfig config() {
    return new OtlpConfig() {
      @Override
      public String get(String key) {
        return null;
      }

      @Override
      public String url() {
        return settings.shown();
      }

      @Override
      public Duration step() {
        return settings.interval();
      }

      @Override
      public Map<String, String> headers() {
        return settings.headers();
      }

      @Override
      public Map<String, String> resourceAttributes() {
        return settings.resource();
      }

      @Override
      public CompressionMode compressionMode() {
        return CompressionMode.NONE;
      }

      @Override
      public AggregationTemporality aggregationTemporality() {
        return settings.delta() ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
      }
    };
  }
}
