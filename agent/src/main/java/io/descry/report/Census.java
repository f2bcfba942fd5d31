package io.descry.report;

import io.descry.os.Kind;
import io.descry.reconcile.Group;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many descriptors are open, by owner and by kind; only what is not zero is in the maps.
 *
 * @param open all of them
 * @param byOwner in the order of {@link Owner}
 * @param byKind in the order of {@link Kind}
 * @param byBoth kind, then owner
 */
record Census(
    int open,
    Map<Owner, Integer> byOwner,
    Map<Kind, Integer> byKind,
    Map<Kind, Map<Owner, Integer>> byBoth) {

  static Census of(Reconciliation reconciliation) {
    Map<Owner, Integer> byOwner = new EnumMap<>(Owner.class);
    Map<Kind, Integer> byKind = new EnumMap<>(Kind.class);
    Map<Kind, Map<Owner, Integer>> byBoth = new EnumMap<>(Kind.class);
    for (Group group : reconciliation.groups()) {
      Owner owner = group.key().owner();
      Kind kind = group.key().kind();
      int count = group.descriptors().size();
      if (count > 0) {
        Map<Owner, Integer> ofKind = byBoth.get(kind);
        if (ofKind == null) {
          ofKind = new EnumMap<>(Owner.class);
          byBoth.put(kind, ofKind);
        }
        add(ofKind, owner, count);
        add(byOwner, owner, count);
        add(byKind, kind, count);
      }
    }
    return new Census(reconciliation.open(), byOwner, byKind, byBoth);
  }

  private static <K> void add(Map<K, Integer> counts, K key, int count) {
    Integer before = counts.get(key);
    counts.put(key, before == null ? count : before + count);
  }
}
