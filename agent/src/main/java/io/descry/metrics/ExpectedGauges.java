package io.descry.metrics;

import io.descry.detect.Compared;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * {@code descry.expected.handles} and {@code descry.expected.discrepancy} in one registry. A row
 * lives as long as a registration of that name does; of several descriptions with one name it is
 * the sum.
 */
final class ExpectedGauges {
  private static final int MOST_NAMES = 100;

  private record Sum(double handles, double discrepancy) {
    static final Sum NONE = new Sum(Double.NaN, Double.NaN);

    static Sum of(Compared one) {
      int count = one.expectation().count();
      return count < 0 ? NONE : new Sum(count, one.discrepancy());
    }

    Sum plus(Sum other) {
      return new Sum(handles + other.handles, discrepancy + other.discrepancy);
    }
  }

  private final MultiGauge handles;
  private final MultiGauge discrepancy;
  private final LabelValue names = new LabelValue(MOST_NAMES);
  private volatile Map<String, Sum> sums = Map.of();

  ExpectedGauges(MeterRegistry registry) {
    handles =
        MultiGauge.builder("descry.expected.handles")
            .description("Descriptors that the application believes it holds")
            .register(registry);
    discrepancy =
        MultiGauge.builder("descry.expected.discrepancy")
            .description("How many more of these are open than the application believes")
            .register(registry);
  }

  void refresh(List<Compared> compared) {
    Map<String, Sum> now = new HashMap<>();
    for (Compared one : compared) {
      now.merge(names.of(one.expectation().name()), Sum.of(one), Sum::plus);
    }
    sums = now;
    handles.register(rows(now, Sum::handles));
    discrepancy.register(rows(now, Sum::discrepancy));
  }

  private List<MultiGauge.Row<?>> rows(Map<String, Sum> now, ToDoubleFunction<Sum> value) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (String name : now.keySet()) {
      rows.add(
          MultiGauge.Row.of(
              Tags.of("name", name),
              this,
              all -> value.applyAsDouble(all.sums.getOrDefault(name, Sum.NONE))));
    }
    return rows;
  }
}
