package io.descry.reconcile;

import io.descry.ledger.LedgerEntry;
import io.descry.os.tracer.NativeFrame;
import io.descry.os.tracer.NativeStack;
import io.descry.owner.KnownOwner;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Turns the stacks of ledger and tracer into sites, and keeps one site for equal stacks. Reading a
 * stack replaces it by its site, so that it no longer pins the classes on it. Not safe for several
 * threads.
 */
final class SiteBook {
  private static final String LEDGER = "io.descry.ledger.";

  /** Of so many frames the text is kept; an application that opens has some hundreds. */
  private static final int FRAMES = 8_192;

  private final Map<Site, WeakReference<Site>> sites = new WeakHashMap<>();

  /**
   * To make the text of a frame takes half a kilobyte and most of the time of reading a stack, and
   * most stacks have been read before. A frame does not pin its class: {@link StackTraceElement}
   * gives that up when the stack is read.
   */
  private final Map<StackTraceElement, String> texts = new HashMap<>();

  /** As many as the tracer has places for stacks, at most. */
  private final Map<NativeStack, Site> natives = new IdentityHashMap<>();

  /** The site of an entry; {@link Site#UNKNOWN} when no stack was taken. */
  Site of(LedgerEntry entry) {
    Object known = entry.site();
    if (known instanceof Site site) {
      return site;
    }
    if (known instanceof Throwable stack) {
      Site site = one(read(Arrays.asList(stack.getStackTrace())), List.of());
      entry.site(site);
      return site;
    }
    return Site.UNKNOWN;
  }

  /**
   * The site of a native call.
   *
   * @param handle the Java object that stands for the descriptor, whose stack serves where the
   *     tracer has no Java frames; {@code null} when there is none
   */
  Site of(NativeStack stack, KnownOwner handle) {
    if (stack.java().isEmpty() && handle != null && !handle.java().isEmpty()) {
      return one(
          handle.java().stream().filter(frame -> !Frames.isAccessor(frame)).toList(), names(stack));
    }
    if (stack.natives().isEmpty() && stack.java().isEmpty()) {
      return Site.UNKNOWN;
    }
    return natives.computeIfAbsent(stack, any -> one(read(stack.java()), names(stack)));
  }

  private static List<String> names(NativeStack stack) {
    return stack.natives().stream().map(NativeFrame::toString).toList();
  }

  private List<String> read(List<StackTraceElement> stack) {
    List<String> frames = new ArrayList<>(stack.size());
    for (StackTraceElement frame : stack) {
      String text = texts.get(frame);
      if (text == null) {
        if (texts.size() == FRAMES) {
          texts.clear();
        }
        text = text(frame);
        texts.put(frame, text);
      }
      if (!text.isEmpty()) {
        frames.add(text);
      }
    }
    return frames;
  }

  /** As reports show it; empty for what no site has. */
  private static String text(StackTraceElement frame) {
    String text = frame.toString();
    return frame.getClassName().startsWith(LEDGER) || Frames.isAccessor(text) ? "" : text;
  }

  private Site one(List<String> java, List<String> natives) {
    Site site = new Site(java, natives);
    WeakReference<Site> reference = sites.get(site);
    Site known = reference == null ? null : reference.get();
    if (known != null) {
      return known;
    }
    sites.put(site, new WeakReference<>(site));
    return site;
  }
}
