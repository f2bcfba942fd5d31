package io.descry.os;

/**
 * A thread that waits in a system call.
 *
 * @param thread the thread's id, which a later thread may have again
 * @param call the call
 * @param number the descriptor that the call was given, {@link #NO_NUMBER} where it has none or
 *     where that is not known
 * @param closed whether that number was not open while the thread waited on it: it was closed under
 *     the thread, for which the kernel keeps the open file until the call ends (close(2), "If file
 *     descriptors are shared across threads"). False when that was not asked
 */
public record ThreadWait(int thread, WaitCall call, int number, boolean closed) {
  public static final int NO_NUMBER = -1;

  /** A wait on a number that is open, or on none. */
  public ThreadWait(int thread, WaitCall call, int number) {
    this(thread, call, number, false);
  }
}
