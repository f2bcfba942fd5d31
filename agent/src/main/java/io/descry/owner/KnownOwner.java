package io.descry.owner;

import java.util.List;

/**
 * What a library's own Java object tells of a descriptor.
 *
 * @param library the library's name, as its maintainers call it
 * @param version its version, {@code null} when unknown
 * @param className class of the object that stands for the descriptor
 * @param java Java frames of where the object was made, innermost first, as {@code
 *     StackTraceElement.toString()} prints them; empty when no stack was taken
 * @param collected whether the object was garbage-collected without having been closed
 * @param closesAlone whether nothing else can close the descriptor, as the library's source has it
 *     ({@link OwnerModule#closesAlone}): once the object is collected, nothing ever will
 * @param meaning what the object means to the application, {@code null} when nothing is known; the
 *     text may come from outside and must be escaped where it is shown
 * @param openedNanos when the object was made, in {@link System#nanoTime()}
 * @param thread name of the thread that made it
 */
public record KnownOwner(
    String library,
    String version,
    String className,
    List<String> java,
    boolean collected,
    boolean closesAlone,
    String meaning,
    long openedNanos,
    String thread) {
  public KnownOwner {
    java = List.copyOf(java);
  }
}
