package io.descry.detect;

import io.descry.reconcile.Sightings;
import java.util.ArrayList;
import java.util.List;

/** The rules about misused descriptors: bugs, no leaks. */
final class Hazards {
  private final ClosedTwice closedTwice;
  private final CloseUnderUse closeUnderUse;
  private final InheritedByChild inherited;

  Hazards(Commands commands) {
    closedTwice = new ClosedTwice(commands);
    closeUnderUse = new CloseUnderUse(commands);
    inherited = new InheritedByChild(commands);
  }

  List<Finding> examine(Scan scan, Sightings sightings) {
    List<Finding> findings = new ArrayList<>(closedTwice.examine(scan, sightings.doubleCloses()));
    findings.addAll(closeUnderUse.examine(scan, sightings.lostWaits()));
    findings.addAll(inherited.examine(scan, sightings.inheritances()));
    return findings;
  }
}
