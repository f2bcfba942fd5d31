package io.descry.os.tracer;

import java.time.Instant;

/**
 * A kind of failure of native code's calls.
 *
 * @param object who called; {@code null} when unknown
 * @param call the function
 * @param errno its name, such as {@code EMFILE}
 * @param count how often so far
 * @param first when first
 * @param last when last
 */
public record NativeError(
    NativeObject object, String call, String errno, long count, Instant first, Instant last) {}
