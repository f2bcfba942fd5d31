package io.descry.metrics;

import io.descry.os.Kind;
import io.descry.reconcile.Group;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code descry.descriptors.open} in one registry. A row that was ever seen stays, at 0. */
final class OpenGauges {
  private record Row(Owner owner, Kind kind) {}

  private final MultiGauge gauge;
  private final Set<Row> seen = new LinkedHashSet<>();
  private volatile Map<Row, Integer> counts = Map.of();

  OpenGauges(MeterRegistry registry) {
    gauge =
        MultiGauge.builder("descry.descriptors.open")
            .description("Open descriptors, at the last scan")
            .register(registry);
  }

  void refresh(Reconciliation reconciliation) {
    if (reconciliation == null) {
      return;
    }
    Map<Row, Integer> now = new HashMap<>();
    for (Group group : reconciliation.groups()) {
      Row row = new Row(group.key().owner(), group.key().kind());
      now.merge(row, group.descriptors().size(), Integer::sum);
    }
    counts = now;
    if (seen.addAll(now.keySet())) {
      // Rows read what is current, so those that stay need not be replaced and never blink.
      List<MultiGauge.Row<?>> rows = new ArrayList<>();
      seen.forEach(row -> rows.add(MultiGauge.Row.of(tags(row), this, all -> all.of(row))));
      gauge.register(rows);
    }
  }

  private int of(Row row) {
    return counts.getOrDefault(row, 0);
  }

  private static Tags tags(Row row) {
    return Tags.of("owner", row.owner().label(), "kind", row.kind().label());
  }
}
