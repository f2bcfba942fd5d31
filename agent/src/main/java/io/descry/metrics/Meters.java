package io.descry.metrics;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * One registry, of Descry's own or of the application's, as far as Descry uses it. Tags are keys
 * and values in turn. What a value throws when it is read stays here. Not safe for several threads;
 * the values are read by any.
 *
 * <p>Public, with types of the JDK alone, because it is implemented in class loaders beside
 * Descry's: see {@link AdapterLoader}.
 */
public interface Meters {
  /**
   * Registers a gauge.
   *
   * @return takes it away again, where the registry can do that: Micrometer 1.0 cannot
   */
  Runnable gauge(String name, String description, List<String> tags, DoubleSupplier value);

  /** Registers a counter of what is counted elsewhere. */
  void counter(String name, String description, List<String> tags, DoubleSupplier value);

  /**
   * Registers a timer without tags.
   *
   * @return records one duration
   */
  Consumer<Duration> timer(String name, String description);

  /** Keeps an object for as long as the registry keeps one of these gauges or counters. */
  void keep(Object companion);

  /** Takes all of these meters away, as far as the registry can do that. */
  void clear();
}
