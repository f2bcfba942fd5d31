package io.descry.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The registries of the Micrometer that this class was linked with, see {@link AdapterLoader}. */
public final class MicrometerRegistries implements MeterRegistries {
  /** Made by reflection. */
  public MicrometerRegistries() {}

  @Override
  public Object global() {
    return Metrics.globalRegistry;
  }

  @Override
  public Collection<Object> leaves(Object registry) {
    List<Object> leaves = new ArrayList<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> left = new ArrayDeque<>(List.of(registry));
    while (!left.isEmpty()) {
      Object next = left.remove();
      if (!seen.add(next)) {
        continue;
      }
      if (next instanceof CompositeMeterRegistry composite) {
        left.addAll(composite.getRegistries());
      } else {
        leaves.add(next);
      }
    }
    return leaves;
  }

  @Override
  public Meters of(Object registry) {
    return new MicrometerMeters((MeterRegistry) registry);
  }
}
