package io.descry.metrics;

import java.util.Collection;

/**
 * The registries that one copy of Micrometer made. Public for the same reason as {@link Meters}.
 */
public interface MeterRegistries {
  /** {@code Metrics.globalRegistry} of this copy. */
  Object global();

  /** The registry itself, or for a composite those that it hands its meters on to; no copies. */
  Collection<Object> leaves(Object registry);

  /** A registry of this copy that is no composite. */
  Meters of(Object registry);
}
