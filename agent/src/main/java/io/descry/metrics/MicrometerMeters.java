package io.descry.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * A registry of Micrometer. This class also runs against the application's Micrometer, see {@link
 * AdapterLoader}: it uses only what was in Micrometer 1.0 already, but for what it checks for.
 */
public final class MicrometerMeters implements Meters {
  private final MeterRegistry registry;
  private final List<Meter> all = new ArrayList<>();

  /** Only kept. */
  @SuppressWarnings("unused")
  private Object companion;

  /** Of this registry. */
  public MicrometerMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Runnable gauge(String name, String description, List<String> tags, DoubleSupplier value) {
    Reading reading = new Reading(this, value, Double.NaN);
    Meter gauge =
        Gauge.builder(name, reading, reading)
            .description(description)
            .tags(tags.toArray(new String[0]))
            .register(registry);
    all.add(gauge);
    return () -> {
      all.remove(gauge);
      remove(gauge);
    };
  }

  @Override
  public void counter(String name, String description, List<String> tags, DoubleSupplier value) {
    Reading reading = new Reading(this, value, 0);
    all.add(
        FunctionCounter.builder(name, reading, reading)
            .description(description)
            .tags(tags.toArray(new String[0]))
            .register(registry));
  }

  @Override
  public Consumer<Duration> timer(String name, String description) {
    Timer timer = Timer.builder(name).description(description).register(registry);
    all.add(timer);
    return took -> timer.record(took.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void keep(Object companion) {
    this.companion = companion;
  }

  @Override
  public void clear() {
    all.forEach(this::remove);
    all.clear();
  }

  private void remove(Meter meter) {
    try {
      registry.remove(meter);
    } catch (NoSuchMethodError e) {
      // Micrometer 1.0: the row stays, and shows what there is of it now, which is nothing.
      return;
    }
  }
}
