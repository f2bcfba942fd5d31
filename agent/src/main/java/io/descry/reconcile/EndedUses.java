package io.descry.reconcile;

import io.descry.ledger.Ledger;
import io.descry.ledger.LedgerEntry;
import io.descry.os.tracer.NativeObject;
import io.descry.os.tracer.NativeUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Reads out of ledger and tracer what has ended since the last scan: of each number the latest use,
 * if it has a site. This is how lives become known that are far too short for a scan to see, at no
 * cost to the threads that open and close. Each use is told once. Not safe for several threads.
 *
 * <p>When the ledger's closes were is not written down; by the time they are read, they were. When
 * more stacks are there to be read than {@value #STACKS}, every second, third .. of them is, and
 * the others are dropped, so that none pins its classes beyond a scan.
 */
final class EndedUses {
  /** To read one takes tens of microseconds, most of it to name its frames. */
  static final int STACKS = 128;

  /**
   * The kernel gives out the lowest free number, so what native code opened and closed was just
   * above what is open: so many numbers above each are looked at.
   */
  private static final int ABOVE = 64;

  private final SiteBook sites;
  private final NativeBooks natives;
  private final LongFunction<Instant> wallTime;
  private final Map<Integer, Long> told = new HashMap<>();

  /**
   * Begins with what the books have now.
   *
   * @param wallTime of a time in {@link System#nanoTime()}
   */
  EndedUses(SiteBook sites, NativeBooks natives, LongFunction<Instant> wallTime) {
    this.sites = sites;
    this.natives = natives;
    this.wallTime = wallTime;
  }

  /**
   * What has ended since the last call.
   *
   * @param open numbers that were open of late
   */
  List<EndedUse> read(BitSet open) {
    List<EndedUse> ended = new ArrayList<>();
    javas(ended);
    if (natives.tracer().on()) {
      int next = 0;
      for (int number = open.nextSetBit(0); number >= 0; number = open.nextSetBit(number + 1)) {
        for (next = Math.max(next, number); next <= number + ABOVE; next++) {
          if (!natives.tracer().isJdks(next)) {
            add(natives.tracer().use(next), next, ended);
          }
        }
      }
    }
    return ended;
  }

  private void javas(List<EndedUse> ended) {
    List<LedgerEntry> fresh = new ArrayList<>();
    int stacks = 0;
    for (int number = Ledger.next(0); number >= 0; number = Ledger.next(number + 1)) {
      LedgerEntry entry = Ledger.entry(number);
      if (entry == null || entry.own()) {
        continue;
      }
      if (!entry.closed()) {
        addClosedByOthers(entry, ended);
      } else if (!entry.collected() && entry.site() != null && entry.takeEnd()) {
        fresh.add(entry);
        stacks += entry.site() instanceof Throwable ? 1 : 0;
      }
    }
    // Later than each of the closes, which were before their entries were read.
    long now = System.nanoTime();
    int every = 1 + stacks / STACKS;
    int nth = 0;
    for (LedgerEntry entry : fresh) {
      if (entry.site() instanceof Throwable && nth++ % every != 0) {
        entry.site(null);
      } else {
        ended.add(ended(entry, now, null));
      }
    }
    // A JVM may be told to take no stacks at all (-XX:-StackTraceInThrowable).
    ended.removeIf(use -> use.site().isUnknown());
  }

  /** What Java believes to be open was closed by native code beside the JDK. */
  private void addClosedByOthers(LedgerEntry entry, List<EndedUse> ended) {
    if (natives.tracer().isJdks(entry.number())) {
      return;
    }
    NativeUse use = natives.tracer().use(entry.number());
    NativeAct act = use == null || use.doubtful() ? null : NativeAct.of(use, entry);
    if (act != null
        && act.closed()
        && NativeClaim.isLibrary(act.object())
        && entry.site() != null
        && entry.takeEnd()) {
      ended.add(ended(entry, use.close().nanos(), act.object().name()));
    }
  }

  private EndedUse ended(LedgerEntry entry, long nanos, String closer) {
    return new EndedUse(
        entry.number(),
        Owner.JAVA,
        null,
        sites.of(entry),
        wallTime.apply(entry.openedNanos()),
        Duration.ofNanos(nanos - entry.openedNanos()),
        closer);
  }

  private void add(NativeUse use, int number, List<EndedUse> ended) {
    if (use == null || use.close() == null || use.doubtful()) {
      return;
    }
    if (!NativeClaim.isLibrary(use.object())) {
      return;
    }
    Long before = told.get(number);
    if (before != null && before == use.generation()) {
      return;
    }
    told.put(number, use.generation());
    Site site = sites.of(use.stack(), null);
    Library library = natives.libraries().apply(use);
    if (library != null && !site.isUnknown()) {
      ended.add(
          new EndedUse(
              number,
              Owner.LIBRARY,
              library,
              site,
              wallTime.apply(use.openedNanos()),
              Duration.ofNanos(use.close().nanos() - use.openedNanos()),
              closer(use.object(), use.close().object())));
    }
  }

  private static String closer(NativeObject opener, NativeObject closer) {
    return closer == null || closer.name().equals(opener.name()) ? null : closer.name();
  }
}
