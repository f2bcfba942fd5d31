package io.descry.reconcile;

import java.time.Instant;

/**
 * What the JVM says of its garbage collections.
 *
 * @param count how many it has run so far, of any kind
 * @param lastFull when the last one ended that looked at all of the heap; {@code null} when none
 *     did yet, or the collector does not tell
 */
public record GarbageCollections(long count, Instant lastFull) {
  /** None so far, or nothing is known. */
  public static final GarbageCollections NONE = new GarbageCollections(0, null);
}
