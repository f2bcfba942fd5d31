package io.descry.detect;

import io.descry.os.Kind;
import io.descry.reconcile.EndedUse;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.Numbered;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How what each site opened has ended, as far as was seen: what the books have of uses that have
 * ended, and what one scan saw open and the next did not. Scans see more of the long lives, so that
 * lives rather look longer than they are. Remembers {@value Growth#GROUPS} sites at most; for one
 * thread at a time.
 *
 * <p>The books do not know what kind a descriptor was that no scan has seen, but its site does: a
 * line of code opens one kind. Where no site is known, kinds are kept apart.
 */
final class Ends {
  /**
   * What was seen of one site.
   *
   * @param lifetimes how long they lived
   * @param byOthers how many of these others have closed than had opened them
   * @param other who, the last time; {@code null} when nobody
   */
  record Seen(Lifetimes lifetimes, int byOthers, String other) {
    /** Of which nothing has ended. */
    static final Seen NOTHING = new Seen(new Lifetimes(), 0, null);

    private Seen with(Duration lived, String closer) {
      lifetimes.add(lived);
      return closer == null ? this : new Seen(lifetimes, byOthers + 1, closer);
    }
  }

  private record Place(Owner owner, Library library, Site site, Kind kind) {
    static Place of(GroupKey key) {
      return new Place(
          key.owner(), key.library(), key.site(), key.site().isUnknown() ? key.kind() : null);
    }
  }

  private record Use(int number, Instant opened) {
    static Use of(OwnedDescriptor owned) {
      return new Use(owned.descriptor().number(), owned.opened());
    }
  }

  private final Map<Place, Seen> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Seen> eldest) {
          return size() > Growth.GROUPS;
        }
      };

  /** As the last scan saw them; the reconciler keeps the same objects. */
  private final Numbered<OwnedDescriptor> open = new Numbered<>();

  private long lastTick;
  private GroupKey lastKey;
  private Seen last;

  /** Takes in the next scan, before the rules look at it. */
  void see(Scan scan) {
    lastKey = null;
    Set<Use> told = new HashSet<>();
    for (EndedUse use : scan.facts().ended()) {
      told.add(new Use(use.number(), use.opened()));
      add(new Place(use.owner(), use.library(), use.site(), null), use.lived(), use.closer());
    }
    BitSet now = new BitSet();
    for (Group group : scan.groups().values()) {
      for (OwnedDescriptor owned : group.descriptors()) {
        see(scan, owned, told);
        now.set(owned.descriptor().number());
      }
    }
    open.retain(
        one -> {
          boolean still = now.get(one.descriptor().number());
          if (!still) {
            ended(scan, one, told);
          }
          return still;
        });
    lastTick = scan.tick();
  }

  private void see(Scan scan, OwnedDescriptor owned, Set<Use> told) {
    int number = owned.descriptor().number();
    OwnedDescriptor before = open.get(number);
    if (before != null && !isStill(scan, before, owned)) {
      ended(scan, before, told);
    }
    open.put(number, owned);
  }

  private boolean isStill(Scan scan, OwnedDescriptor before, OwnedDescriptor owned) {
    return lastTick - before.scans() == scan.tick() - owned.scans()
        && before.openedAt() == owned.openedAt()
        && before.descriptor().isAlso(owned.descriptor())
        && before.group().equals(owned.group());
  }

  private void ended(Scan scan, OwnedDescriptor one, Set<Use> told) {
    if (!told.contains(Use.of(one))) {
      add(Place.of(one.group()), Duration.between(one.opened(), scan.at()), null);
    }
  }

  /** What has ended of what a group's site opened; not to be changed. */
  Seen of(GroupKey key) {
    if (lastKey == null || !isSame(lastKey, key)) {
      last = seen.getOrDefault(Place.of(key), Seen.NOTHING);
      lastKey = key;
    }
    return last;
  }

  /** Those of one group are asked about in a row; to hash their site takes long. */
  private static boolean isSame(GroupKey one, GroupKey other) {
    return one.site() == other.site()
        && one.kind() == other.kind()
        && one.owner() == other.owner()
        && Objects.equals(one.library(), other.library());
  }

  /**
   * Whether the books tell what of this group's site has ended: none ended means then that none was
   * seen to. What only a library's own objects tell of, they tell while it is open.
   */
  boolean tells(GroupKey key) {
    if (key.site().isUnknown()) {
      return false;
    }
    if (key.owner() != Owner.LIBRARY) {
      return key.owner() == Owner.JAVA;
    }
    // Where the Java frames are those of a library's object, what has ended is without them.
    Place bare =
        new Place(key.owner(), key.library(), new Site(List.of(), key.site().natives()), null);
    return !key.site().natives().isEmpty() && !seen.containsKey(bare);
  }

  private void add(Place place, Duration lived, String closer) {
    Seen known = seen.get(place);
    Seen next = known == null ? new Seen(new Lifetimes(), 0, null) : known;
    seen.put(place, next.with(lived.isNegative() ? Duration.ZERO : lived, closer));
  }
}
