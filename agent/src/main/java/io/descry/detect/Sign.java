package io.descry.detect;

import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.util.List;

/**
 * Something to be seen of a descriptor that was forgotten, and may be seen for a while of one that
 * was not: what {@link Neglect} watches for.
 */
sealed interface Sign
    permits PeerGone, HalfMade, EmptyLoop, LifetimeOutlier, NeverUsed, NobodyPolls, Orphan {
  /** The rule's name. */
  String rule();

  /** Whether Windows tells what this is seen by. */
  default boolean servesWindows() {
    return true;
  }

  /** How long a descriptor must show the sign before it counts. */
  record Bound(int scans, Duration time) {}

  /**
   * How many must show it.
   *
   * @param suspect for a finding
   * @param probable for one that is probable
   * @param rounds in how many different scans they must have begun to show it
   */
  record Enough(int suspect, int probable, int rounds) {}

  /** How many must show it. */
  Enough enough();

  /** How many of a group must show it. */
  default Enough enough(GroupKey key) {
    return enough();
  }

  /** The scan in which the descriptor began to show it, seen to do so now for the first time. */
  default long since(Scan scan, OwnedDescriptor owned) {
    return scan.tick();
  }

  /** Looks at a scan before it is asked about its descriptors. */
  default void learn(Scan scan) {}

  /** Whether any of a group's can show it: of the others nothing is asked. */
  boolean concerns(GroupKey key);

  /** Whether the descriptor shows it now. */
  boolean shows(Scan scan, OwnedDescriptor owned);

  /** How long this descriptor must show it. */
  Bound bound(Scan scan, OwnedDescriptor owned);

  /** Whether it must have shown it in every scan since it was first seen. */
  default boolean sinceBirth() {
    return false;
  }

  /**
   * Where a descriptor counts only when another of its group was opened after it had begun to
   * count, with what the two must have in common; {@code null} where there is no such demand.
   */
  default String succession(Scan scan, OwnedDescriptor owned) {
    return null;
  }

  /** Whether it remains a fault when no more come. */
  default boolean lasting() {
    return false;
  }

  /** The facts, of descriptors of which each has shown it for {@code shortest} at least. */
  List<Evidence> evidence(Scan scan, List<OwnedDescriptor> shown, Duration shortest);

  /** What to do about the cause. */
  String advice(GroupKey key);
}
