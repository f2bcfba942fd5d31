package io.descry.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a registry says, in the Prometheus text format or OpenMetrics. Safe for several threads.
 *
 * <p>Throws PrometheusPropertiesException when it is made while the application's properties of
 * that library are bad.
 */
public final class Scrapes {
  private static final String PROTOBUF = "application/vnd.google.protobuf";

  private final PrometheusRegistry registry;

  // Built, not loaded: the application's properties are about its own metrics.
  private final ExpositionFormats formats =
      ExpositionFormats.init(PrometheusProperties.builder().build());

  /** Of this registry. */
  public Scrapes(PrometheusRegistry registry) {
    this.registry = registry;
  }

  /** What goes to a scraper, and the type of it. */
  public record Scrape(String type, byte[] body) {}

  /**
   * All of it, now.
   *
   * @param accept what the scraper says that it reads; empty when it says nothing
   */
  public Scrape scrape(String accept) throws IOException {
    ExpositionFormatWriter writer = formats.findWriter(withoutProtobuf(accept));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    writer.write(body, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    return new Scrape(writer.getContentType(), body.toByteArray());
  }

  /**
   * The client's writers would pick protobuf for a scraper that names it, even where it is not on
   * the class path. Every scraper that names it names text as well.
   */
  static String withoutProtobuf(String accept) {
    return Arrays.stream(accept.split(","))
        .filter(range -> !range.contains(PROTOBUF))
        .collect(Collectors.joining(","));
  }
}
