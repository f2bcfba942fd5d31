package io.descry.detect;

import io.descry.reconcile.GroupKey;
import java.time.Instant;

/**
 * A leak that was suspected and is no more.
 *
 * @param id the finding's
 * @param rule which rule had found it
 * @param confidence how sure it was, at most; never {@link Confidence#CERTAIN}
 * @param group owner, library, kind and site
 * @param count how many descriptors it spoke of, at last
 * @param from when it was found
 * @param to when it no longer held
 * @param closed how many of these descriptors were closed by then; when that is less than half, the
 *     sign had gone: the growth was over, or they were used after all
 */
public record Resolved(
    String id,
    String rule,
    Confidence confidence,
    GroupKey group,
    int count,
    Instant from,
    Instant to,
    int closed) {}
