package io.descry.reconcile;

import java.util.List;

/**
 * What a library's own Java object says of a descriptor that native code opened for it.
 *
 * @param library whose object it is
 * @param java the Java frames where it was made, innermost first; empty when no stack was taken
 * @param meaning what it stands for, such as {@code event loop of thread epoll-1}; {@code null}
 *     when there is nothing to add
 * @param thread name of the thread that made it; {@code null} when unknown
 * @param openedNanos when it was made, in {@link System#nanoTime()}
 */
public record KnownHandle(
    Library library, List<String> java, String meaning, String thread, long openedNanos) {
  public KnownHandle {
    java = List.copyOf(java);
  }
}
