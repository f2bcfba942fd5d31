package io.descry.owner;

import io.descry.ledger.HandleEntry;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Turns the stacks of handles into text, and keeps one text for equal stacks. Reading a stack
 * replaces it, so that it no longer pins the classes on it.
 */
final class Stacks {
  private static final String LEDGER = "io.descry.ledger.";

  private final Map<List<String>, WeakReference<List<String>>> known = new WeakHashMap<>();

  /** Frames, innermost first; empty when no stack was taken. */
  @SuppressWarnings("unchecked")
  List<String> of(HandleEntry entry) {
    Object site = entry.site();
    if (site instanceof Throwable stack) {
      List<String> read = one(read(stack));
      entry.site(read);
      return read;
    }
    // Nobody but this class puts anything there.
    return site == null ? List.of() : (List<String>) site;
  }

  private static List<String> read(Throwable stack) {
    List<String> frames = new ArrayList<>();
    for (StackTraceElement frame : stack.getStackTrace()) {
      if (!frame.getClassName().startsWith(LEDGER)) {
        frames.add(frame.toString());
      }
    }
    return List.copyOf(frames);
  }

  private List<String> one(List<String> frames) {
    WeakReference<List<String>> reference = known.get(frames);
    List<String> same = reference == null ? null : reference.get();
    if (same != null) {
      return same;
    }
    known.put(frames, new WeakReference<>(frames));
    return frames;
  }
}
