package io.descry.detect;

import io.descry.reconcile.CollectedSite;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The garbage collector closed what the application forgot to close. That stays true, so that the
 * finding stays.
 *
 * <p>Two closed descriptors at least, and a frame of the application in the stack: what the JDK
 * leaves to the collector on its own account, and a straggler or two at shutdown, are no fault of
 * the application. Where no stack was recorded, nothing is said.
 *
 * <p>The finding's count is how many the collector has closed so far; its descriptors are those of
 * the same site that are open now. Its rate is the mean since the detector's first scan.
 */
final class ClosedByCollector implements Rule {
  static final String NAME = "closed-by-collector";
  private static final int ENOUGH = 2;
  private static final int SITES = 1000;

  private final Commands commands;
  private final Names names = new Names(NAME);
  private final Map<GroupKey, CollectedSite> sites = new HashMap<>();
  private Instant start;

  ClosedByCollector(Commands commands) {
    this.commands = commands;
  }

  @Override
  public List<Finding> examine(Scan scan) {
    if (start == null) {
      start = scan.at();
    }
    for (CollectedSite site : scan.facts().collected()) {
      GroupKey key = new GroupKey(Owner.JAVA, null, site.kind(), site.site());
      if (site.closed() >= ENOUGH
          && site.site().applicationFrame().isPresent()
          && (sites.containsKey(key) || sites.size() < SITES)) {
        sites.put(key, site);
      }
    }
    List<Finding> findings = new ArrayList<>();
    sites.forEach((key, site) -> findings.add(finding(scan, key, site)));
    return findings;
  }

  private Finding finding(Scan scan, GroupKey key, CollectedSite site) {
    Names.Name name = names.of(key, scan.at());
    List<OwnedDescriptor> open =
        scan.of(key).stream().sorted(Comparator.comparing(OwnedDescriptor::opened)).toList();
    long watched = Duration.between(start, scan.at()).toMillis();
    double perMinute = watched > 0 ? site.closed() * 60_000.0 / watched : Double.NaN;
    String count = commands.count(key.kind(), open);
    return new Finding(
        name.id(),
        NAME,
        Confidence.CERTAIN,
        false,
        key,
        (int) Math.min(Integer.MAX_VALUE, site.closed()),
        open,
        List.of(
            new Evidence(
                "collected",
                "the garbage collector has closed %d that were never closed by the code that opened them, the last at %s; %d of this site are open now"
                    .formatted(
                        site.closed(), site.last().truncatedTo(ChronoUnit.SECONDS), open.size()),
                count + "; " + commands.afterCollection("sleep 1 && " + count))),
        name.firstSeen(),
        perMinute,
        null,
        List.of(
            "Close it where it is opened, %s: try-with-resources, or close() in finally."
                .formatted(key.site().applicationFrame().orElseThrow()),
            "Until then the number of open descriptors depends on how often the collector runs:"
                + " a larger heap or a quiet one runs out of descriptors first."));
  }
}
