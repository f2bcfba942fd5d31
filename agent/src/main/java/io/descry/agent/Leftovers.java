package io.descry.agent;

import io.descry.os.Kind;
import io.descry.reconcile.CollectedDescriptor;
import io.descry.reconcile.Library;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Reconciler;
import io.descry.reconcile.Reconciliation;
import io.descry.reconcile.Site;
import io.descry.report.FindingText;
import io.descry.report.VisibleText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was opened since a moment and not closed by who opened it, in types of java.base alone: the
 * tests that ask have nothing of Descry's in common with the agent. The keys are a contract with
 * {@code io.descry.junit}, which a later version may only add to:
 *
 * <ul>
 *   <li>{@code number}, an Integer, and {@code opened}, a Long, in {@link System#nanoTime()}: the
 *       two together tell one use of a number from all others;
 *   <li>{@code state}: {@code open}, {@code unreachable} (open, and the Java object that owned it
 *       was garbage-collected), {@code collected} (the garbage collector closed it);
 *   <li>{@code kind}, {@code target}, {@code thread}, {@code library}, {@code call}, {@code
 *       meaning}, {@code frame} (where the application begins): Strings; what is unknown is
 *       missing;
 *   <li>{@code java}, {@code native}: the frames of its site, Lists of Strings.
 * </ul>
 */
final class Leftovers {
  private static final int LONGEST = 200;

  private Leftovers() {}

  /** All, by a reconciliation that this reconciler has just made. */
  static List<Map<String, Object>> of(Reconciler reconciler, long nanos, Reconciliation facts) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (OwnedDescriptor owned : reconciler.openedSince(nanos, facts)) {
      rows.add(row(owned, reconciler.nanos(owned)));
    }
    for (CollectedDescriptor collected : reconciler.collectedSince(nanos)) {
      rows.add(
          row(
              collected.number(),
              collected.openedNanos(),
              "collected",
              collected.kind(),
              collected.site(),
              collected.thread()));
    }
    return rows;
  }

  private static Map<String, Object> row(OwnedDescriptor owned, long opened) {
    Map<String, Object> row =
        row(
            owned.descriptor().number(),
            opened,
            owned.ownerUnreachable() ? "unreachable" : "open",
            owned.descriptor().kind(),
            owned.group().site(),
            owned.thread());
    row.put("target", FindingText.target(owned.descriptor()));
    put(row, "library", named(owned.group().library()));
    put(row, "call", owned.call());
    put(row, "meaning", visible(owned.meaning()));
    return row;
  }

  private static Map<String, Object> row(
      int number, long opened, String state, Kind kind, Site site, String thread) {
    Map<String, Object> row = new HashMap<>();
    row.put("number", number);
    row.put("opened", opened);
    row.put("state", state);
    row.put("kind", kind.label());
    row.put("java", site.java());
    row.put("native", site.natives());
    put(row, "frame", site.applicationFrame().orElse(null));
    put(row, "thread", visible(thread));
    return row;
  }

  private static String named(Library library) {
    if (library == null) {
      return null;
    }
    return library.version() == null ? library.name() : library.name() + " " + library.version();
  }

  private static String visible(String text) {
    return text == null ? null : VisibleText.of(text, LONGEST);
  }

  private static void put(Map<String, Object> row, String key, String value) {
    if (value != null) {
      row.put(key, value);
    }
  }
}
