package io.descry.metrics;

import io.descry.os.Failure;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code descry.errors} in one registry: a counter for each operation and error once it occurs, up
 * to a bound; those that come later are counted together as {@value LabelValue#OTHER}.
 */
final class ErrorCounters {
  private static final int MOST = 64;

  private record Row(String operation, String errno) {}

  private static final Row REST = new Row(LabelValue.OTHER, LabelValue.OTHER);

  private final MeterRegistry registry;
  private final LabelValue operations = new LabelValue(MOST);
  private final LabelValue errors = new LabelValue(MOST);
  private final Set<Row> known = new HashSet<>();
  private final Set<Row> registered = new HashSet<>();
  private volatile Map<Row, Long> counts = Map.of();

  ErrorCounters(MeterRegistry registry) {
    this.registry = registry;
  }

  void refresh(List<Failure> failures) {
    Map<Row, Long> now = new HashMap<>();
    for (Failure failure : failures) {
      now.merge(row(failure), failure.count(), Long::sum);
    }
    counts = now;
    for (Row row : now.keySet()) {
      if (registered.add(row)) {
        FunctionCounter.builder("descry.errors", this, all -> all.of(row))
            .description("System calls of Descry's own that failed")
            .tag("operation", row.operation())
            .tag("errno", row.errno())
            .register(registry);
      }
    }
  }

  private long of(Row row) {
    return counts.getOrDefault(row, 0L);
  }

  private Row row(Failure failure) {
    Row row = new Row(operations.of(failure.operation()), errors.of(failure.errno()));
    if (known.contains(row)) {
      return row;
    }
    return known.size() < MOST && known.add(row) ? row : REST;
  }
}
