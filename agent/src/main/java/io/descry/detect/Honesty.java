package io.descry.detect;

import io.descry.os.Identity;
import io.descry.reconcile.Group;
import io.descry.reconcile.OwnedDescriptor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps what was suspected and turned out otherwise: the latest {@value #KEPT}. */
final class Honesty {
  static final int KEPT = 100;

  private record Use(int number, Identity identity, long first) {}

  private record Suspicion(Finding finding, Confidence most, Set<Use> uses) {}

  private final Deque<Resolved> resolved = new ArrayDeque<>();
  private Map<String, Suspicion> before = Map.of();

  /**
   * Compares what holds with what held.
   *
   * @return what was suspected and is no more, the latest last
   */
  List<Resolved> resolved(Scan scan, List<Finding> findings) {
    Map<String, Suspicion> now = new HashMap<>();
    Set<Use> spokenOf = new HashSet<>();
    for (Finding finding : findings) {
      Set<Use> uses = uses(scan, finding.descriptors());
      spokenOf.addAll(uses);
      if (!finding.hazard() && finding.confidence() != Confidence.CERTAIN) {
        Suspicion known = before.get(finding.id());
        boolean surer = known != null && known.most.compareTo(finding.confidence()) < 0;
        now.put(
            finding.id(), new Suspicion(finding, surer ? known.most : finding.confidence(), uses));
      }
    }
    Set<String> ids = new HashSet<>();
    findings.forEach(finding -> ids.add(finding.id()));
    Set<Use> open = null;
    for (Suspicion suspicion : before.values()) {
      if (!ids.contains(suspicion.finding.id())
          && suspicion.uses.stream().noneMatch(spokenOf::contains)) {
        open = open == null ? open(scan) : open;
        add(scan, suspicion, open);
      }
    }
    before = now;
    return List.copyOf(resolved);
  }

  private void add(Scan scan, Suspicion suspicion, Set<Use> open) {
    Finding finding = suspicion.finding;
    long closed = suspicion.uses.stream().filter(use -> !open.contains(use)).count();
    resolved.addLast(
        new Resolved(
            finding.id(),
            finding.rule(),
            suspicion.most,
            finding.group(),
            finding.count(),
            finding.firstSeen(),
            scan.at(),
            (int) closed));
    if (resolved.size() > KEPT) {
      resolved.removeFirst();
    }
  }

  private static Set<Use> open(Scan scan) {
    List<OwnedDescriptor> all = new ArrayList<>();
    for (Group group : scan.groups().values()) {
      all.addAll(group.descriptors());
    }
    return uses(scan, all);
  }

  private static Set<Use> uses(Scan scan, List<OwnedDescriptor> descriptors) {
    Set<Use> uses = new HashSet<>();
    for (OwnedDescriptor owned : descriptors) {
      uses.add(
          new Use(
              owned.descriptor().number(), owned.descriptor().identity(), scan.firstTick(owned)));
    }
    return uses;
  }
}
