package io.descry.os.tracer;

import java.util.List;

/**
 * Where native code made a call. Equal stacks are the same object, so that they can be compared by
 * identity and kept cheaply.
 *
 * @param natives native frames, innermost first, from the caller of the hooked function on; without
 *     those of the JVM's interpreter and compiled code
 * @param java the Java frames beneath, innermost first; empty when the thread was not attached or
 *     its stack could not be taken safely
 */
public record NativeStack(List<NativeFrame> natives, List<StackTraceElement> java) {
  /** No stack was taken. */
  public static final NativeStack NONE = new NativeStack(List.of(), List.of());

  public NativeStack {
    natives = List.copyOf(natives);
    java = List.copyOf(java);
  }
}
