package io.descry.reconcile;

import io.descry.ledger.Ledger;
import io.descry.ledger.LedgerEntry;
import io.descry.os.Kind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts, by site, what the garbage collector closed. Bounded; not safe for several threads. */
final class CollectedSites {
  private static final int SITES_AT_MOST = 1_000;
  private static final int LAST = 1_000;

  private record Key(Kind kind, Site site) {}

  private final SiteBook sites;
  private final Map<Key, CollectedSite> counts = new LinkedHashMap<>();
  private final Deque<CollectedDescriptor> last = new ArrayDeque<>();

  CollectedSites(SiteBook sites) {
    this.sites = sites;
  }

  /** All sites so far, with what was closed since the last call. */
  List<CollectedSite> read() {
    Instant now = Instant.now();
    for (LedgerEntry entry : Ledger.takeCollected()) {
      Key key = new Key(OpeningCall.kind(entry.kind()), sites.of(entry));
      CollectedSite before = counts.get(key);
      if (before != null || counts.size() < SITES_AT_MOST) {
        Instant first = before == null ? now : before.first();
        long closed = before == null ? 1 : before.closed() + 1;
        counts.put(key, new CollectedSite(key.kind(), key.site(), closed, first, now));
      }
      if (last.size() == LAST) {
        last.removeFirst();
      }
      last.addLast(
          new CollectedDescriptor(
              entry.number(), key.kind(), key.site(), entry.openedNanos(), entry.thread()));
    }
    return List.copyOf(counts.values());
  }

  /** Of the last that were read, those opened at this {@link System#nanoTime()} or later. */
  List<CollectedDescriptor> openedSince(long nanos) {
    return last.stream().filter(one -> one.openedNanos() - nanos >= 0).toList();
  }
}
