package io.descry.os;

import java.util.List;

/**
 * A thread that waits in a system call.
 *
 * @param thread the thread's id, which a later thread may have again
 * @param call the call
 * @param number the descriptor that the call was given, {@link #NO_NUMBER} where it has none, has
 *     several, or where that is not known
 * @param closed whether that number was not open while the thread waited on it: it was closed under
 *     the thread, for which the kernel keeps the open file until the call ends (close(2), "If file
 *     descriptors are shared across threads"). False when that was not asked
 * @param polled the numbers that poll(2) or select(2) were given, as they stand in the process's
 *     memory: the kernel took its copy when the call began, so what others wrote there since is
 *     here too, and what is read while the thread leaves the call may be anything. Of very many the
 *     first; empty when unknown
 */
public record ThreadWait(
    int thread, WaitCall call, int number, boolean closed, List<Integer> polled) {
  public static final int NO_NUMBER = -1;

  public ThreadWait {
    polled = List.copyOf(polled);
  }

  /** A wait on one number, or on none. */
  public ThreadWait(int thread, WaitCall call, int number, boolean closed) {
    this(thread, call, number, closed, List.of());
  }

  /** A wait on a number that is open, or on none. */
  public ThreadWait(int thread, WaitCall call, int number) {
    this(thread, call, number, false);
  }

  /** Every number that the thread waits on, as far as that is known. */
  public List<Integer> numbers() {
    return number == NO_NUMBER ? polled : List.of(number);
  }
}
