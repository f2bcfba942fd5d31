package io.descry.os.tracer;

/**
 * One use of a descriptor number by native code, from its opening on.
 *
 * @param generation ascending over the process; equal generations are the same use
 * @param call the function that opened it, such as {@code epoll_create1}
 * @param object who called; {@code null} when unknown
 * @param openedNanos when, in {@link System#nanoTime()}
 * @param tid the kernel's number of the thread
 * @param thread the kernel's name of the thread, at most 15 bytes; {@code null} when not taken
 * @param device of what was opened, 0 when unknown
 * @param inode of what was opened, 0 when unknown: when the JDK opened it, when the call alone
 *     tells what it is, or when opens came too fast to ask
 * @param source the number that it was duplicated from, -1 when it was not
 * @param stack where; {@link NativeStack#NONE} when none was taken
 * @param close who began to close it; {@code null} while nobody has
 * @param doubtful whether a record about this number was lost since, or may have been: its identity
 *     is unknown in a process where closes pass the tracer by
 */
public record NativeUse(
    long generation,
    String call,
    NativeObject object,
    long openedNanos,
    int tid,
    String thread,
    long device,
    long inode,
    int source,
    NativeStack stack,
    NativeClose close,
    boolean doubtful) {}
