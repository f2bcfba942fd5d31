package io.descry.detect;

import io.descry.os.ThreadWaits;
import io.descry.reconcile.Reconciliation;
import io.descry.reconcile.Sightings;
import java.util.List;

/**
 * All that one scan knows.
 *
 * @param facts what is open, who holds it, and what has ended
 * @param waits what the threads waited in at about that time
 * @param sightings what was seen of misused descriptors
 * @param expected what the application believes to hold
 */
public record Observation(
    Reconciliation facts, ThreadWaits waits, Sightings sightings, List<Expectation> expected) {
  public Observation {
    expected = List.copyOf(expected);
  }

  /** Of descriptors and threads, when nothing else was seen. */
  static Observation of(Reconciliation facts, ThreadWaits waits) {
    return new Observation(facts, waits, Sightings.NONE, List.of());
  }
}
