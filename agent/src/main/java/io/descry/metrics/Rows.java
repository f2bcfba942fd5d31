package io.descry.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * A gauge of one registry with rows that come and go; each reads what is current, so one that stays
 * is never replaced. Not safe for several threads.
 *
 * @param <K> what tells the rows apart
 */
final class Rows<K> {
  private final Meters meters;
  private final String name;
  private final String description;
  private final Map<K, Runnable> shown = new HashMap<>();

  Rows(Meters meters, String name, String description) {
    this.meters = meters;
    this.name = name;
    this.description = description;
  }

  /** Shows a row from now on. */
  void show(K row, List<String> tags, DoubleSupplier value) {
    shown.computeIfAbsent(row, key -> meters.gauge(name, description, tags, value));
  }

  /** Takes all other rows away. */
  void keepOnly(Set<K> rows) {
    shown
        .entrySet()
        .removeIf(
            row -> {
              boolean gone = !rows.contains(row.getKey());
              if (gone) {
                row.getValue().run();
              }
              return gone;
            });
  }
}
