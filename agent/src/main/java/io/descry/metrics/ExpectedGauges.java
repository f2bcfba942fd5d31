package io.descry.metrics;

import io.descry.detect.Compared;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  private final Rows<String> handles;
  private final Rows<String> discrepancy;
  private final LabelValue names = new LabelValue(MOST_NAMES);
  private volatile Map<String, Sum> sums = Map.of();

  ExpectedGauges(Meters meters) {
    handles =
        new Rows<>(
            meters,
            "descry.expected.handles",
            "Descriptors that the application believes it holds");
    discrepancy =
        new Rows<>(
            meters,
            "descry.expected.discrepancy",
            "How many more of these are open than the application believes");
  }

  void refresh(List<Compared> compared) {
    Map<String, Sum> now = new HashMap<>();
    for (Compared one : compared) {
      now.merge(names.of(one.expectation().name()), Sum.of(one), Sum::plus);
    }
    sums = now;
    for (String name : now.keySet()) {
      List<String> tags = List.of("name", name);
      handles.show(name, tags, () -> of(name).handles());
      discrepancy.show(name, tags, () -> of(name).discrepancy());
    }
    handles.keepOnly(now.keySet());
    discrepancy.keepOnly(now.keySet());
  }

  private Sum of(String name) {
    return sums.getOrDefault(name, Sum.NONE);
  }
}
