package io.descry.os.tracer;

import java.time.Instant;

/**
 * A close by native code, or by the JDK's, that failed since the number was not open (EBADF of
 * close(2)). Where the same number was closed before, that is a double close.
 *
 * @param number the number
 * @param call the function, such as {@code close} or {@code fclose}
 * @param object who called; {@code null} when unknown
 * @param at when
 * @param tid the kernel's number of the thread
 * @param thread the kernel's name of the thread; {@code null} when no stack was taken
 * @param stack where the call was made
 * @param before the last use of the number, closed; {@code null} when native code never was seen to
 *     have it, or when who closed it was not seen
 * @param closedBefore when that was closed; {@code null} as {@code before}
 */
public record FailedClose(
    int number,
    String call,
    NativeObject object,
    Instant at,
    int tid,
    String thread,
    NativeStack stack,
    NativeUse before,
    Instant closedBefore) {}
