package io.descry.reconcile;

import io.descry.os.Answer;
import io.descry.os.ChildHold;
import io.descry.os.Descriptor;
import io.descry.os.ProcessDescriptors;
import io.descry.os.ThreadWaits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks for misused descriptors, once a scan. Not safe for several threads. */
public final class Lookout {
  /** Standard input, output and error are meant to be inherited. */
  private static final int LAST_STANDARD = 2;

  private final ProcessDescriptors descriptors;
  private final DoubleCloses doubleCloses;
  private final LostWaits lostWaits;

  /** Asks these; looks when it is told to. */
  public Lookout(ProcessDescriptors descriptors, NativeBooks natives) {
    this.descriptors = descriptors;
    SiteBook sites = new SiteBook();
    doubleCloses = new DoubleCloses(natives, sites);
    lostWaits = new LostWaits(descriptors, natives, sites);
  }

  /**
   * Looks.
   *
   * @param facts of this scan
   * @param waits asked for after {@code facts}
   */
  public Sightings look(Reconciliation facts, ThreadWaits waits) {
    return new Sightings(doubleCloses.read(facts.at()), lostWaits.read(waits), inheritances(facts));
  }

  private List<Inheritance> inheritances(Reconciliation facts) {
    Map<Integer, OwnedDescriptor> asked = new LinkedHashMap<>();
    for (Group group : facts.groups()) {
      Owner owner = group.key().owner();
      if (owner == Owner.LIBRARY || owner == Owner.FOREIGN) {
        for (OwnedDescriptor owned : group.descriptors()) {
          Descriptor descriptor = owned.descriptor();
          if (descriptor.number() > LAST_STANDARD
              && descriptor.facts().closeOnExec() == Answer.NO) {
            asked.put(descriptor.number(), owned);
          }
        }
      }
    }
    if (asked.isEmpty()) {
      return List.of();
    }
    List<Inheritance> inheritances = new ArrayList<>();
    for (ChildHold hold :
        descriptors.heldByChildren(
            asked.values().stream().map(OwnedDescriptor::descriptor).toList())) {
      inheritances.add(new Inheritance(asked.get(hold.number()), hold));
    }
    return inheritances;
  }
}
