package io.descry.reconcile;

import io.descry.os.Descriptor;
import java.time.Instant;

/** What earlier scans saw under a number. There is one for each open descriptor: it is small. */
final class Track {
  /** As the last scan saw it; {@code null} before the first. */
  OwnedDescriptor last;

  /**
   * Which use of the number it is to the ledger and to the tracer, cut to 32 bits: of two scans in
   * a row no number has two uses that are so many opens apart.
   */
  int sequence;

  final int generation;

  /** As the last scan saw it of which it was known to be what the ledger's entry opened. */
  Descriptor owned;

  final Instant firstSeen;

  Track(Instant firstSeen, int generation) {
    this.firstSeen = firstSeen;
    this.generation = generation;
  }

  /** Whether the last scan saw the same identity. */
  boolean was(Descriptor now) {
    return last != null && last.descriptor().isAlso(now);
  }

  /** In how many scans in a row the identity was seen, with this one. */
  int scans(Descriptor now) {
    return was(now) ? last.scans() + 1 : 1;
  }
}
