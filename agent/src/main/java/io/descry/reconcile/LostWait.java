package io.descry.reconcile;

import io.descry.os.ThreadWait;
import io.descry.os.tracer.NativeUse;
import java.time.Instant;

/**
 * A thread waits in a system call on a number that native code beside the JDK opened and that is
 * closed.
 *
 * @param waiting the thread, the call, the number
 * @param thread the kernel's name of the thread; {@code null} when unknown
 * @param group of the descriptor that the number was
 * @param use who opened and who closed it; the last that was done with the number
 * @param closed when it was closed
 * @param sure whether the thread was seen to wait on this very use while that was open; else the
 *     number may have been used by others since the wait began
 */
public record LostWait(
    ThreadWait waiting,
    String thread,
    GroupKey group,
    NativeUse use,
    Instant closed,
    boolean sure) {}
