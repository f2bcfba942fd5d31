package io.descry.detect;

import io.descry.os.Identity;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A descriptor that has been open for {@value #TIMES} times as long as all but one in {@value
 * #ALL_BUT} that were opened at the same site and closed: a close that is forgotten on some path.
 * The lifetimes are those that scans have seen: what is closed before the next scan is not among
 * them. Remembers a histogram for each of {@value Growth#GROUPS} sites at most.
 */
final class LifetimeOutlier implements Sign {
  static final String NAME = "lifetime-outlier";
  private static final int TIMES = 4;
  private static final int ALL_BUT = 100;

  /** Fewer lifetimes are no distribution. */
  private static final int ENOUGH = 20;

  private static final Bound NONE = new Bound(0, Duration.ZERO);

  private record Open(GroupKey key, Identity identity, long first) {}

  private final Commands commands;
  private final Map<GroupKey, Lifetimes> closed =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<GroupKey, Lifetimes> eldest) {
          return size() > Growth.GROUPS;
        }
      };
  private Map<Integer, Open> before = Map.of();

  LifetimeOutlier(Commands commands) {
    this.commands = commands;
  }

  @Override
  public String rule() {
    return NAME;
  }

  @Override
  public Enough enough() {
    return new Enough(31, 31, 12);
  }

  @Override
  public void learn(Scan scan) {
    Map<Integer, Open> now = new HashMap<>();
    for (Group group : scan.groups().values()) {
      for (OwnedDescriptor owned : group.descriptors()) {
        now.put(
            owned.descriptor().number(),
            new Open(group.key(), owned.descriptor().identity(), scan.firstTick(owned)));
      }
    }
    before.forEach(
        (number, open) -> {
          if (!open.equals(now.get(number))) {
            closed
                .computeIfAbsent(open.key, any -> new Lifetimes())
                .add((int) (scan.tick() - open.first));
          }
        });
    before = now;
  }

  @Override
  public boolean shows(Scan scan, OwnedDescriptor owned) {
    Lifetimes lifetimes = closed.get(owned.group());
    return lifetimes != null
        && lifetimes.total() >= ENOUGH
        && owned.scans() > TIMES * lifetimes.allButOneIn(ALL_BUT)
        && scan.counts(owned);
  }

  @Override
  public Bound bound(Scan scan, OwnedDescriptor owned) {
    return NONE;
  }

  @Override
  public boolean sinceBirth() {
    return false;
  }

  @Override
  public boolean lasting() {
    return false;
  }

  @Override
  public List<Evidence> evidence(Scan scan, List<OwnedDescriptor> shown, Duration shortest) {
    Lifetimes lifetimes = closed.get(shown.get(0).group());
    int youngest = shown.stream().mapToInt(OwnedDescriptor::scans).min().orElse(0);
    return List.of(
        new Evidence(
            "lifetime",
            "of %d others of this site that scans saw open and then closed, 99 %% were open for %d scans at most; each of these %d is open for %d or more"
                .formatted(
                    lifetimes.total(), lifetimes.allButOneIn(ALL_BUT), shown.size(), youngest),
            commands.list(shown)));
  }

  @Override
  public String advice(GroupKey key) {
    return "Most of what is opened here is closed, some is not%s: look for the path that leaves without closing, mostly an exception, a timeout or an early return."
        .formatted(Advice.at(key));
  }
}
