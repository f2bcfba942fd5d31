package io.descry.os;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the threads of this process wait in. A thread that serves an event loop is at times not in
 * its wait: that a number is missing here once means nothing.
 *
 * @param at when the threads were listed
 * @param threads the ids of all threads, Descry's own among them; empty when they cannot be listed
 * @param waits those of the threads asked that wait in a system call
 * @param running how many of those asked ran, or waited for something that is no system call
 * @param unasked how many were not asked, because there are too many for one time; their turn comes
 * @param refused how many the system does not tell of
 */
public record ThreadWaits(
    Instant at,
    Set<Integer> threads,
    List<ThreadWait> waits,
    int running,
    int unasked,
    int refused) {
  public ThreadWaits {
    threads = Set.copyOf(threads);
    waits = List.copyOf(waits);
  }

  /** Nothing is known, as of {@code at}. */
  public static ThreadWaits unknown(Instant at) {
    return new ThreadWaits(at, Set.of(), List.of(), 0, 0, 0);
  }

  /** The numbers that some thread waits on in that call. */
  public Set<Integer> numbers(WaitCall call) {
    return waits.stream()
        .filter(wait -> wait.call() == call && wait.number() != ThreadWait.NO_NUMBER)
        .map(ThreadWait::number)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether every thread of the process was asked and answered. */
  public boolean complete() {
    return !threads.isEmpty() && unasked == 0 && refused == 0;
  }
}
