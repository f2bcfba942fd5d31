package io.descry.detect;

import io.descry.reconcile.Group;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Reconciliation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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
  private final List<String> unseen;
  private final ClosedBehindOwner closedBehindOwner;
  private final Hazards hazards;
  private final Growth growth;
  private final UnexpectedHandles unexpected;
  private final Idle idle;
  private final Commands commands;
  private final Uses uses = new Uses();
  private final Ends ends = new Ends();
  private final Balance balance;
  private final Honesty honesty = new Honesty();
  private final Overall overall = new Overall();
  private long tick;

  /**
   * Begins without history.
   *
   * @param pid of this process, for the commands that check a finding by hand
   * @param nativeLibraries paths of the shared objects that are loaded now; asked only when
   *     something foreign grows, must not throw
   * @param thresholds from where on the rules speak
   */
  public Detector(long pid, Supplier<List<String>> nativeLibraries, Thresholds thresholds) {
    this(Commands.of(pid), nativeLibraries, thresholds);
  }

  Detector(Commands commands, Supplier<List<String>> nativeLibraries, Thresholds thresholds) {
    this.commands = commands;
    balance = new Balance(ends, commands);
    closedBehindOwner = new ClosedBehindOwner(commands);
    hazards = new Hazards(commands);
    growth = new Growth(commands, new NativeLibraries(nativeLibraries), thresholds);
    unexpected = new UnexpectedHandles(commands, thresholds);
    idle = new Idle(commands);
    List<Rule> all =
        List.of(
            new OwnerUnreachable(commands),
            new ClosedByCollector(commands),
            new Neglect(new PeerGone(commands, thresholds), commands),
            new Neglect(new HalfMade(commands, thresholds), commands),
            new Neglect(new LifetimeOutlier(commands, ends, thresholds), commands),
            new Neglect(new EmptyLoop(commands, thresholds), commands),
            new Neglect(new NobodyPolls(commands, thresholds), commands),
            new Neglect(new Orphan(commands, thresholds), commands),
            new Neglect(new NeverUsed(commands, thresholds), commands),
            growth);
    boolean windows = commands instanceof WindowsCommands;
    rules = all.stream().filter(rule -> !windows || rule.unseenOnWindows() == null).toList();
    unseen =
        windows
            ? all.stream().map(Rule::unseenOnWindows).filter(Objects::nonNull).toList()
            : List.of();
  }

  /** The rules that the system of this process tells too little for. */
  public List<String> unseen() {
    return unseen;
  }

  /**
   * Takes in the next scan.
   *
   * @param observation a later one than that of the call before
   * @return what holds now: most certain first, then by count. The trend is that of all open
   *     descriptors or, when others come and go too much to see one, of what the findings speak of
   */
  public Verdict examine(Observation observation) {
    Reconciliation facts = observation.facts();
    uses.see(++tick, facts);
    Scan scan = Scan.of(tick, facts, observation.waits(), uses);
    ends.see(scan);
    List<Finding> leaks = new ArrayList<>();
    for (Rule rule : rules) {
      leaks.addAll(rule.examine(scan));
    }
    List<Finding> findings = new ArrayList<>(closedBehindOwner.examine(scan));
    findings.addAll(hazards.examine(scan, observation.sightings()));
    List<Finding> open =
        unexpected.with(scan, observation.expected(), OneCause.of(balance.on(scan, leaks)));
    findings.addAll(idle.added(scan, Bundles.together(commands, scan, open)));
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
    private final History history = new History(false);
    private Trend trend;
    private long trendTick;

    double perSecond(Scan scan) {
      int[] ages = new int[scan.facts().open()];
      int count = 0;
      for (Group group : scan.facts().groups()) {
        for (OwnedDescriptor owned : group.descriptors()) {
          ages[count++] = owned.scans() - 1;
        }
      }
      Trend now = history.add(scan.tick(), scan.at(), ages, scan.facts().collections().count());
      if (now != null) {
        trend = now;
        trendTick = scan.tick();
      }
      boolean fresh = trend != null && scan.tick() - trendTick <= (long) FRESH * trend.stride();
      return fresh ? trend.perSecond() : 0;
    }
  }
}
