package io.descry.apps.spring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** No more requests when nine tenths of the descriptors are in use. */
@Component
public class DescriptorsHealthIndicator implements HealthIndicator {
  private final PrometheusMeterRegistry meters;

  public DescriptorsHealthIndicator(PrometheusMeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public Health health() {
    Gauge usage = meters.find("descry.descriptors.usage").gauge();
    if (usage == null) {
      return Health.unknown().build();
    }
    Health.Builder health = usage.value() < 0.9 ? Health.up() : Health.outOfService();
    return health.withDetail("usage", usage.value()).build();
  }
}
