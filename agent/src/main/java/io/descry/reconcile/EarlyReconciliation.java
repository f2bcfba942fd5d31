package io.descry.reconcile;

import io.descry.ledger.ExpectedBooks;
import io.descry.ledger.Handles;
import io.descry.ledger.Ledger;
import io.descry.ledger.LedgerEntry;
import io.descry.os.Descriptor;
import io.descry.os.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays the books side by side in a process that ends before anything but the ledger was made, where
 * that can be done without the rest: everything is as the ledger has it or was open before, and no
 * rule could find anything in a single scan.
 */
public final class EarlyReconciliation {
  /** From here on the report may tell sites. */
  private static final double CROWDED = 0.5;

  private final Baseline baseline;
  private final JvmFiles jvmFiles;
  private final String agent;

  /**
   * Reconciles the ledger of this JVM.
   *
   * @param baseline what was open before the agent
   * @param javaHome where the JDK's own files are
   * @param agent path of the agent's jar, which counts as Descry's
   */
  public EarlyReconciliation(Baseline baseline, String javaHome, long pid, String agent) {
    this.baseline = baseline;
    this.jvmFiles = new JvmFiles(javaHome, pid);
    this.agent = agent;
  }

  /**
   * What is open, by owner and kind, without sites.
   *
   * @param open all of it, Descry's own included
   * @return {@code null} when there is more to say than this can
   */
  public Reconciliation of(List<Descriptor> open, Limits limits) {
    if (Ledger.missed
        || Ledger.fault() != null
        || Ledger.hasCollected()
        || Ledger.withoutStack() > 0
        || Handles.missed
        || Handles.next(0) >= 0
        || !Handles.others().isEmpty()
        || !ExpectedBooks.books().isEmpty()
        || open.size() > CROWDED * limits.soft()) {
      return null;
    }
    List<List<OwnedDescriptor>> groups = new ArrayList<>();
    Instant now = Instant.now();
    int live = 0;
    for (Descriptor descriptor : open) {
      LedgerEntry entry = Ledger.entry(descriptor.number());
      boolean javas = entry != null && !entry.closed();
      live += javas ? 1 : 0;
      Owner owner = javas ? owner(descriptor, entry) : owner(descriptor);
      if (owner == null) {
        return null;
      }
      if (owner != Owner.AGENT) {
        add(descriptor, owner, now, groups);
      }
    }
    return live == live() ? reconciliation(now, limits, groups) : null;
  }

  private static Owner owner(Descriptor descriptor, LedgerEntry entry) {
    if (entry.own()) {
      return Owner.AGENT;
    }
    boolean plain = !entry.replaced() && !entry.ownerCollected();
    return plain && Reconciler.canBe(entry.kind(), descriptor.kind()) ? Owner.JAVA : null;
  }

  private Owner owner(Descriptor descriptor) {
    boolean before = descriptor.target().equals(baseline.targets().get(descriptor.number()));
    if (before && descriptor.target().equals(agent)) {
      return Owner.AGENT;
    }
    if (jvmFiles.has(descriptor)) {
      return Owner.JVM;
    }
    return before ? Owner.INHERITED : null;
  }

  /** By search: the hash of a record takes milliseconds when it is first asked for. */
  private static void add(
      Descriptor descriptor, Owner owner, Instant now, List<List<OwnedDescriptor>> groups) {
    for (List<OwnedDescriptor> group : groups) {
      GroupKey key = group.get(0).group();
      if (key.owner() == owner && key.kind() == descriptor.kind()) {
        group.add(owned(descriptor, key, now));
        return;
      }
    }
    List<OwnedDescriptor> group = new ArrayList<>();
    GroupKey key = new GroupKey(owner, null, descriptor.kind(), Site.UNKNOWN);
    group.add(owned(descriptor, key, now));
    groups.add(group);
  }

  private static OwnedDescriptor owned(Descriptor descriptor, GroupKey key, Instant now) {
    return new OwnedDescriptor(descriptor, key, now, false, null, null, null, 1, false);
  }

  private static int live() {
    int live = 0;
    for (int number = Ledger.next(0); number >= 0; number = Ledger.next(number + 1)) {
      live += Ledger.entry(number).closed() ? 0 : 1;
    }
    return live;
  }

  private static Reconciliation reconciliation(
      Instant now, Limits limits, List<List<OwnedDescriptor>> groups) {
    List<Group> all = new ArrayList<>();
    for (List<OwnedDescriptor> group : groups) {
      all.add(new Group(group.get(0).group(), group));
    }
    return new Reconciliation(
        1, now, limits, all, List.of(), List.of(), List.of(), GarbageCollections.NONE);
  }
}
