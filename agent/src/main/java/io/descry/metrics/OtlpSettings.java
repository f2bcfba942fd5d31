package io.descry.metrics;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Where metrics are pushed to by OTLP, and as whose.
 *
 * @param address of the receiver, with its path
 * @param headers sent with each push
 * @param interval time between pushes
 * @param delta whether counters tell what was added since the last push, not since the start
 * @param resource attributes that say whose metrics these are
 */
record OtlpSettings(
    URI address,
    Map<String, String> headers,
    Duration interval,
    boolean delta,
    Map<String, String> resource) {
  private static final String PATH = "/v1/metrics";
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration USUAL = Duration.ofSeconds(60);

  /** The address without its query, which may hold a secret. */
  String shown() {
    return address.getScheme() + "://" + address.getRawAuthority() + address.getRawPath();
  }

  /** What was given, where one looks for it. */
  private record Given(
      Map<String, String> options, Properties properties, Map<String, String> environment) {

    /** As OpenTelemetry's agent takes it: a property before the variable; {@code null}: none. */
    String openTelemetry(String property) {
      String value = properties.getProperty(property);
      return value != null
          ? value
          : environment.get(property.toUpperCase(Locale.ROOT).replace('.', '_'));
    }

    /** Of the two settings, the one about metrics wins. */
    String exporter(String setting) {
      String metrics = openTelemetry("otel.exporter.otlp.metrics." + setting);
      return metrics == null ? openTelemetry("otel.exporter.otlp." + setting) : metrics;
    }
  }

  /**
   * Reads the options {@code otlp}, {@code otlp.headers} and {@code otlp.interval}, and for {@code
   * otlp=on} what OpenTelemetry's exporters read: properties and variables such as {@code
   * OTEL_EXPORTER_OTLP_ENDPOINT}. An address that the option names is never sent the headers that
   * those have: they are somebody else's secrets.
   *
   * @param duration reads a duration; throws IllegalArgumentException or ArithmeticException
   * @param problems gets one line for what cannot be used
   * @return {@code null} when there is no address
   */
  static OtlpSettings read(
      Map<String, String> options,
      Properties properties,
      Map<String, String> environment,
      Function<String, Duration> duration,
      List<String> problems) {
    Given given = new Given(options, properties, environment);
    String text = options.get("otlp");
    boolean own = !text.equals("on");
    URI address = own ? address(text, problems) : theirs(given, problems);
    if (address == null) {
      return null;
    }
    String headers = options.get("otlp.headers");
    return new OtlpSettings(
        address,
        headers != null || own
            ? pairs(headers, ";", UnaryOperator.identity())
            : pairs(given.exporter("headers"), ",", OtlpSettings::decoded),
        interval(given, duration, problems),
        "delta"
            .equalsIgnoreCase(
                given.openTelemetry("otel.exporter.otlp.metrics.temporality.preference")),
        resource(given));
  }

  private static URI address(String text, List<String> problems) {
    try {
      URI address = new URI(text);
      if (("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
          && address.getHost() != null
          && address.getUserInfo() == null) {
        String path = address.getPath();
        return path.isEmpty() || path.equals("/") ? address.resolve(PATH) : address;
      }
    } catch (URISyntaxException e) {
      // Told below, without the text, which may hold a secret.
      return refused(problems);
    }
    return refused(problems);
  }

  private static URI refused(List<String> problems) {
    problems.add(
        "otlp is off: it is not on, off or an address such as http://localhost:4318, without a user"
            + " in it (otlp.headers has room for secrets)");
    return null;
  }

  /** To the address for all signals the path is added, that for metrics is taken as it is. */
  private static URI theirs(Given given, List<String> problems) {
    String metrics = given.openTelemetry("otel.exporter.otlp.metrics.endpoint");
    if (metrics != null) {
      return address(metrics, problems);
    }
    String all = given.openTelemetry("otel.exporter.otlp.endpoint");
    return address(
        (all == null ? "http://localhost:4318" : all.replaceFirst("/+$", "")) + PATH, problems);
  }

  private static Duration interval(
      Given given, Function<String, Duration> duration, List<String> problems) {
    String text = given.options.get("otlp.interval");
    String theirs = given.openTelemetry("otel.metric.export.interval");
    if (text == null && theirs == null) {
      return USUAL;
    }
    try {
      Duration interval =
          text == null ? Duration.ofMillis(Long.parseLong(theirs.strip())) : duration.apply(text);
      if (interval.compareTo(SHORTEST) >= 0) {
        return interval;
      }
      problems.add("the interval of otlp is less than 1s; using 1s");
      return SHORTEST;
    } catch (IllegalArgumentException | ArithmeticException e) {
      problems.add(
          text == null
              ? "OTEL_METRIC_EXPORT_INTERVAL=" + theirs + " is no number of ms; otlp uses 60s"
              : "option otlp.interval=" + text + " is no duration such as 30s or 5m; using 60s");
      return USUAL;
    }
  }

  /**
   * Names as in OpenTelemetry's semantic conventions. Without an id of the instance, those of
   * several JVMs of a service would be one series.
   */
  private static Map<String, String> resource(Given given) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("service.name", "unknown_service:java");
    attributes.put("service.instance.id", UUID.randomUUID().toString());
    attributes.put("process.pid", Long.toString(ProcessHandle.current().pid()));
    attributes.putAll(
        pairs(given.openTelemetry("otel.resource.attributes"), ",", OtlpSettings::decoded));
    String service = given.openTelemetry("otel.service.name");
    if (service != null && !service.isBlank()) {
      attributes.put("service.name", service);
    }
    return attributes;
  }

  /** What is not of the form {@code key=value} is left out. */
  private static Map<String, String> pairs(
      String text, String separator, UnaryOperator<String> value) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : text == null ? new String[0] : text.split(separator)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && !pair.substring(0, equals).isBlank()) {
        pairs.put(
            pair.substring(0, equals).strip(), value.apply(pair.substring(equals + 1).strip()));
      }
    }
    return pairs;
  }

  /** Values in those variables are percent-encoded, as in W3C's baggage; a plus is a plus. */
  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Somebody wrote it as it is.
      return value;
    }
  }
}
