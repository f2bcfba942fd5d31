package io.descry.reconcile;

import java.util.List;

/**
 * What one scan saw of misused descriptors, beside what {@link Reconciliation} has.
 *
 * @param doubleCloses since the scan before
 * @param lostWaits at about the time of the scan
 * @param inheritances at about the time of the scan
 */
public record Sightings(
    List<DoubleClose> doubleCloses, List<LostWait> lostWaits, List<Inheritance> inheritances) {
  /** Nothing was seen. */
  public static final Sightings NONE = new Sightings(List.of(), List.of(), List.of());

  public Sightings {
    doubleCloses = List.copyOf(doubleCloses);
    lostWaits = List.copyOf(lostWaits);
    inheritances = List.copyOf(inheritances);
  }
}
