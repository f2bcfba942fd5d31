package io.descry.detect;

import io.descry.os.ThreadWaits;
import io.descry.reconcile.Group;
import io.descry.reconcile.Reconciliation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Turns scans into findings. Remembers a bounded history of a bounded number of groups, whatever
 * the process does and however long.
 *
 * <p>A finding keeps its id and its first time for as long as it holds, and is dropped when its
 * descriptors are closed; a hazard, and what the garbage collector had to close, stay. The rules
 * count scans and not seconds, so that they hold at any interval between scans.
 *
 * <p>For one thread at a time.
 */
public final class Detector {
  private final List<Rule> rules;
  private final ClosedBehindOwner closedBehindOwner;
  private final Growth growth;
  private final Bundles bundles;
  private final Idle idle;
  private final Uses uses = new Uses();
  private final Honesty honesty = new Honesty();
  private final Overall overall = new Overall();
  private long tick;

  /**
   * Begins without history.
   *
   * @param pid of this process, for the commands that check a finding by hand
   * @param nativeLibraries paths of the shared objects that are loaded now; asked only when
   *     something foreign grows, must not throw
   */
  public Detector(long pid, Supplier<List<String>> nativeLibraries) {
    Commands commands = new Commands(pid);
    closedBehindOwner = new ClosedBehindOwner(commands);
    bundles = new Bundles(commands);
    idle = new Idle(commands);
    growth = new Growth(commands, new NativeLibraries(nativeLibraries));
    rules =
        List.of(
            new OwnerUnreachable(commands),
            new ClosedByCollector(commands),
            new Neglect(new PeerGone(commands), commands),
            new Neglect(new HalfMade(commands), commands),
            new Neglect(new LifetimeOutlier(commands), commands),
            new Neglect(new EmptyLoop(commands), commands),
            new Neglect(new NobodyPolls(commands), commands),
            new Neglect(new Orphan(commands), commands),
            new Neglect(new NeverUsed(commands), commands),
            growth);
  }

  /**
   * Takes in the next scan, of which it is not known what the threads waited in.
   *
   * @param facts later than those of the call before
   * @return as {@link #examine(Reconciliation, ThreadWaits)}
   */
  public Verdict examine(Reconciliation facts) {
    return examine(facts, ThreadWaits.unknown(facts.at()));
  }

  /**
   * Takes in the next scan.
   *
   * @param facts later than those of the call before
   * @param waits what the threads waited in at about that time
   * @return what holds now: most certain first, then by count. The trend is that of all open
   *     descriptors or, when others come and go too much to see one, of what the findings speak of
   */
  public Verdict examine(Reconciliation facts, ThreadWaits waits) {
    uses.see(++tick, facts);
    Scan scan = Scan.of(tick, facts, waits, uses);
    List<Finding> leaks = new ArrayList<>();
    for (Rule rule : rules) {
      leaks.addAll(rule.examine(scan));
    }
    List<Finding> findings = new ArrayList<>(closedBehindOwner.examine(scan));
    findings.addAll(idle.added(scan, bundles.together(scan, OneCause.of(leaks))));
    findings.sort(
        Comparator.comparing(Finding::confidence)
            .thenComparing(Finding::count, Comparator.reverseOrder())
            .thenComparing(Finding::id));
    double trend = overall.perSecond(scan);
    double perSecond = trend > 0 ? trend : growth.perSecond();
    return new Verdict(
        findings,
        perSecond,
        Headroom.of(facts).exhaustion(perSecond),
        honesty.resolved(scan, findings));
  }

  /** The trend of all open descriptors, whoever holds them. */
  private static final class Overall {
    private static final int FRESH = 8;
    private final History history = new History();
    private Trend trend;
    private long trendTick;

    double perSecond(Scan scan) {
      int[] ages =
          scan.facts().groups().stream()
              .map(Group::descriptors)
              .flatMap(List::stream)
              .mapToInt(owned -> owned.scans() - 1)
              .toArray();
      Trend now = history.add(scan.tick(), scan.at(), ages, scan.facts().collections());
      if (now != null) {
        trend = now;
        trendTick = scan.tick();
      }
      boolean fresh = trend != null && scan.tick() - trendTick <= (long) FRESH * trend.stride();
      return fresh ? trend.perSecond() : 0;
    }
  }
}
