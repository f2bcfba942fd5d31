package io.descry.reconcile;

import io.descry.os.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Gathers the descriptors of a scan by group. Equal keys are one object as long as the group has
 * descriptors, so that to find the group of a descriptor that was there before hashes no stack. Not
 * safe for several threads.
 */
final class Groups {
  private Map<GroupKey, GroupKey> keys = new HashMap<>();
  private final Map<GroupKey, List<OwnedDescriptor>> gathered = new IdentityHashMap<>();
  private List<GroupKey> order = new ArrayList<>();

  /**
   * The key of a group.
   *
   * @param before the one that the descriptor had in the scan before; {@code null} for none
   */
  GroupKey key(GroupKey before, Owner owner, Library library, Kind kind, Site site) {
    if (before != null
        && before.site() == site
        && before.kind() == kind
        && before.owner() == owner
        && Objects.equals(before.library(), library)) {
      return before;
    }
    GroupKey key = new GroupKey(owner, library, kind, site);
    GroupKey known = keys.putIfAbsent(key, key);
    return known == null ? key : known;
  }

  /** Adds one, whose key is from here. */
  void add(OwnedDescriptor owned) {
    List<OwnedDescriptor> group = gathered.get(owned.group());
    if (group == null) {
      group = new ArrayList<>();
      gathered.put(owned.group(), group);
      order.add(owned.group());
    }
    group.add(owned);
  }

  /** All that was added since the last call, in the order in which each group was first met. */
  List<Group> take() {
    List<Group> all = new ArrayList<>(order.size());
    Map<GroupKey, GroupKey> still = new HashMap<>();
    for (GroupKey key : order) {
      all.add(new Group(key, gathered.get(key)));
      still.put(key, key);
    }
    keys = still;
    gathered.clear();
    order = new ArrayList<>();
    return all;
  }
}
