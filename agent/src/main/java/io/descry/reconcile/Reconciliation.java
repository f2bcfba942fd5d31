package io.descry.reconcile;

import io.descry.os.Limits;
import io.descry.os.tracer.NativeError;
import java.time.Instant;
import java.util.List;

/**
 * What one scan knows: every descriptor with its owner, and where the two books disagree.
 *
 * @param scan number of the scan, ascending from 1
 * @param at when the snapshot was taken
 * @param limits the limits in force
 * @param groups every open descriptor, each in exactly one group; Descry's own are not among them
 * @param discrepancies where ledger and snapshot disagree, believed
 * @param collected sites that the garbage collector cleaned up after, over the process's life
 * @param errors calls of native code that failed, over the process's life
 * @param collections what the JVM says of its garbage collections
 * @param ended a sample of the uses that have ended since the scan before
 */
public record Reconciliation(
    long scan,
    Instant at,
    Limits limits,
    List<Group> groups,
    List<Discrepancy> discrepancies,
    List<CollectedSite> collected,
    List<NativeError> errors,
    GarbageCollections collections,
    List<EndedUse> ended) {
  public Reconciliation {
    groups = List.copyOf(groups);
    discrepancies = List.copyOf(discrepancies);
    collected = List.copyOf(collected);
    errors = List.copyOf(errors);
    ended = List.copyOf(ended);
  }

  /** One that knows of nothing that has ended. */
  public Reconciliation(
      long scan,
      Instant at,
      Limits limits,
      List<Group> groups,
      List<Discrepancy> discrepancies,
      List<CollectedSite> collected,
      List<NativeError> errors,
      GarbageCollections collections) {
    this(scan, at, limits, groups, discrepancies, collected, errors, collections, List.of());
  }

  /** How many descriptors are open, less Descry's own. */
  public int open() {
    int open = 0;
    for (Group group : groups) {
      open += group.descriptors().size();
    }
    return open;
  }
}
