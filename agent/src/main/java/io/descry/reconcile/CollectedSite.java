package io.descry.reconcile;

import io.descry.os.Kind;
import java.time.Instant;

/**
 * A site whose descriptors the garbage collector closed, because the application forgot to.
 *
 * @param kind what they were
 * @param site where they were opened
 * @param closed how many so far
 * @param first when the first was closed
 * @param last when the last was closed
 */
public record CollectedSite(Kind kind, Site site, long closed, Instant first, Instant last) {}
