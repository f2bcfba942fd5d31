package io.descry.agent;

import java.util.List;

/** The options of {@link Outlets}. Small, for it is on the start path. */
final class OutletKeys {
  static final List<String> ALL =
      List.of(
          "alert",
          "alert.command",
          "alert.exhaustion",
          "alert.findings",
          "alert.growth",
          "alert.usage",
          "alert.webhook",
          "emergency",
          "http",
          "http.hosts",
          "http.token",
          "http.unhealthy",
          "jfr",
          "jmx",
          "micrometer",
          "otlp",
          "otlp.headers",
          "otlp.interval",
          "restart.drain",
          "restart.health",
          "restart.hook",
          "restart.jitter",
          "restart.period");

  private OutletKeys() {}
}
