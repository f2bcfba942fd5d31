package io.descry.detect;

import io.descry.reconcile.GroupKey;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Keeps the id and the first time of one rule's findings for as long as they hold. */
final class Names {
  /** What stays the same about a finding. */
  record Name(String id, Instant firstSeen) {}

  private final String rule;
  private final Map<GroupKey, Name> names = new HashMap<>();
  private long last;

  Names(String rule) {
    this.rule = rule;
  }

  Name of(GroupKey key, Instant now) {
    return names.computeIfAbsent(key, any -> new Name(rule + "-" + ++last, now));
  }

  /** Forgets the findings on all other groups: should they hold again, they are new ones. */
  void retain(Collection<GroupKey> held) {
    names.keySet().retainAll(held);
  }
}
