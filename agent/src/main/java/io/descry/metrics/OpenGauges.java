package io.descry.metrics;

import io.descry.os.Kind;
import io.descry.reconcile.Group;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code descry.descriptors.open} in one registry. A row that was ever seen stays, at 0. */
final class OpenGauges {
  private record Row(Owner owner, Kind kind) {}

  private final Rows<Row> rows;
  private volatile Map<Row, Integer> counts = Map.of();

  OpenGauges(Meters meters) {
    rows = new Rows<>(meters, "descry.descriptors.open", "Open descriptors, at the last scan");
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
    now.keySet().forEach(row -> rows.show(row, tags(row), () -> of(row)));
  }

  private int of(Row row) {
    return counts.getOrDefault(row, 0);
  }

  private static List<String> tags(Row row) {
    return List.of("owner", row.owner().label(), "kind", row.kind().label());
  }
}
