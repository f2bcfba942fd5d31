package io.descry.os.tracer;

/**
 * A close by native code.
 *
 * @param call the function, such as {@code close}
 * @param object who called; {@code null} when unknown
 * @param nanos when, in {@link System#nanoTime()}
 * @param tid the kernel's number of the thread
 */
public record NativeClose(String call, NativeObject object, long nanos, int tid) {}
