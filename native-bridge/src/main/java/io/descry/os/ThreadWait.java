package io.descry.os;

/**
 * A thread that waits in a system call.
 *
 * @param thread the thread's id, which a later thread may have again
 * @param call the call
 * @param number the descriptor that the call was given, {@link #NO_NUMBER} where it has none or
 *     where that is not known
 */
public record ThreadWait(int thread, WaitCall call, int number) {
  public static final int NO_NUMBER = -1;
}
