package io.descry.reconcile;

import io.descry.os.ThreadStay;
import io.descry.os.ThreadWait;
import io.descry.os.tracer.NativeClose;
import io.descry.os.tracer.NativeUse;
import java.time.Instant;

/**
 * A thread waits in a system call on a number that native code beside the JDK opened and that was
 * closed meanwhile.
 *
 * @param waiting the thread and the call
 * @param number that was closed
 * @param thread the kernel's name of the thread; {@code null} when unknown
 * @param group of the descriptor that the number was
 * @param use who opened what the number was
 * @param close who closed it
 * @param closed when it was closed
 * @param next who has opened the number again since; {@code null}: it is closed
 * @param stay shows that the thread has not run since it was seen while {@code use} was open; not
 *     {@code null} where {@code next} is not, or the call is poll(2) or select(2)
 * @param sure whether this very use must be what the thread waits on; else it may be an earlier one
 *     of the number, or what poll(2) was given may have been changed since
 */
public record LostWait(
    ThreadWait waiting,
    int number,
    String thread,
    GroupKey group,
    NativeUse use,
    NativeClose close,
    Instant closed,
    NativeUse next,
    ThreadStay stay,
    boolean sure) {}
