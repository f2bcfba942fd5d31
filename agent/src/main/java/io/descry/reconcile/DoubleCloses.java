package io.descry.reconcile;

import io.descry.os.tracer.FailedClose;
import io.descry.os.tracer.NativeUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Picks from the closes that failed those of numbers that somebody had closed before. Not those of
 * a thread that closes whatever there might be, as code does that is about to run another program:
 * it closes number after number, most of which never were open. One is believed a second later,
 * when such a sweep has shown itself. Not safe for several threads.
 */
final class DoubleCloses {
  /** Longer than it takes to close a million numbers. */
  private static final Duration SETTLED = Duration.ofSeconds(1);

  /** So many numbers that never were open, by one thread: it does not know what it closes. */
  private static final int NEVER_OPEN = 8;

  /** So many in a row, each the next number: longer than a list that somebody closes twice. */
  private static final int ROW = 32;

  private final NativeBooks natives;
  private final SiteBook sites;
  private List<FailedClose> unsettled = List.of();

  DoubleCloses(NativeBooks natives, SiteBook sites) {
    this.natives = natives;
    this.sites = sites;
  }

  /** Those that have become certain since the last call. */
  List<DoubleClose> read(Instant now) {
    List<FailedClose> all = new ArrayList<>(unsettled);
    all.addAll(natives.tracer().failedCloses());
    Set<Integer> sweeping = sweeping(all);
    List<FailedClose> later = new ArrayList<>();
    List<DoubleClose> found = new ArrayList<>();
    for (FailedClose close : all) {
      if (sweeping.contains(close.tid())) {
        continue;
      }
      if (close.at().plus(SETTLED).isAfter(now)) {
        later.add(close);
      } else if (close.before() != null && NativeClaim.isLibrary(close.object())) {
        add(found, close);
      }
    }
    unsettled = later;
    return found;
  }

  private void add(List<DoubleClose> found, FailedClose close) {
    Library library = natives.libraries().apply(asUse(close));
    if (library != null) {
      found.add(
          new DoubleClose(
              close,
              library,
              OpeningCall.kind(close.before().call()),
              sites.of(close.stack(), null)));
    }
  }

  /** Who is answerable for a close is told by the same as who is for an open. */
  private static NativeUse asUse(FailedClose close) {
    return new NativeUse(
        0,
        close.call(),
        close.object(),
        0,
        close.tid(),
        close.thread(),
        0,
        0,
        -1,
        close.stack(),
        null,
        false);
  }

  private static Set<Integer> sweeping(List<FailedClose> closes) {
    Map<Integer, Integer> neverOpen = new HashMap<>();
    Map<Integer, FailedClose> last = new HashMap<>();
    Map<Integer, Integer> row = new HashMap<>();
    Set<Integer> sweeping = new HashSet<>();
    for (FailedClose close : closes) {
      int thread = close.tid();
      FailedClose before = last.put(thread, close);
      boolean next = before != null && Math.abs(close.number() - before.number()) == 1;
      int inRow = next ? row.merge(thread, 1, Integer::sum) : 1;
      row.put(thread, inRow);
      int never = neverOpen.merge(thread, close.before() == null ? 1 : 0, Integer::sum);
      if (never >= NEVER_OPEN || inRow >= ROW) {
        sweeping.add(thread);
      }
    }
    return sweeping;
  }
}
