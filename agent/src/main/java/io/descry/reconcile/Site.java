package io.descry.reconcile;

import java.util.List;
import java.util.Optional;

/**
 * Where a descriptor was opened. Equal stacks are one site.
 *
 * @param java Java frames, innermost first, as {@code StackTraceElement.toString()} prints them;
 *     empty when unknown
 * @param natives native frames, innermost first, {@code library!symbol+0xoffset}; empty when
 *     unknown
 */
public record Site(List<String> java, List<String> natives) {
  /** Nothing is known of where the descriptor was opened. */
  public static final Site UNKNOWN = new Site(List.of(), List.of());

  public Site {
    java = List.copyOf(java);
    natives = List.copyOf(natives);
  }

  /** Whether nothing is known. */
  public boolean isUnknown() {
    return java.isEmpty() && natives.isEmpty();
  }

  /**
   * The frame where the application begins, without loader and module; empty when there is none.
   */
  public Optional<String> applicationFrame() {
    int index = Frames.application(java);
    return index < 0 ? Optional.empty() : Optional.of(Frames.bare(java.get(index)));
  }

  /** The Java frames from there outward; empty when there is no such frame. */
  public List<String> fromApplication() {
    int index = Frames.application(java);
    return index < 0 ? List.of() : java.subList(index, java.size());
  }
}
