package io.descry.reconcile;

import io.descry.ledger.LedgerEntry;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Turns the stacks of the ledger into sites, and keeps one site for equal stacks. Reading a stack
 * replaces it by its site, so that it no longer pins the classes on it. Not safe for several
 * threads.
 */
final class SiteBook {
  private static final String LEDGER = "io.descry.ledger.";

  private final Map<Site, WeakReference<Site>> sites = new WeakHashMap<>();

  /** The site of an entry; {@link Site#UNKNOWN} when no stack was taken. */
  Site of(LedgerEntry entry) {
    Object known = entry.site();
    if (known instanceof Site site) {
      return site;
    }
    if (known instanceof Throwable stack) {
      Site site = one(read(stack));
      entry.site(site);
      return site;
    }
    return Site.UNKNOWN;
  }

  private static Site read(Throwable stack) {
    List<String> frames = new ArrayList<>();
    for (StackTraceElement frame : stack.getStackTrace()) {
      if (!frame.getClassName().startsWith(LEDGER)) {
        frames.add(frame.toString());
      }
    }
    return new Site(frames, List.of());
  }

  private Site one(Site site) {
    WeakReference<Site> reference = sites.get(site);
    Site known = reference == null ? null : reference.get();
    if (known != null) {
      return known;
    }
    sites.put(site, new WeakReference<>(site));
    return site;
  }
}
