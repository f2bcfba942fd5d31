package io.descry.detect;

import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Reconciliation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

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
  private final OwnerUnreachable ownerUnreachable;
  private final ClosedByCollector closedByCollector;
  private final ClosedBehindOwner closedBehindOwner;
  private final Growth growth;
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
    ownerUnreachable = new OwnerUnreachable(commands);
    closedByCollector = new ClosedByCollector(commands);
    closedBehindOwner = new ClosedBehindOwner(commands);
    growth = new Growth(commands, new NativeLibraries(nativeLibraries));
  }

  /**
   * Takes in the next scan.
   *
   * @param facts later than those of the call before
   * @return what holds now: most certain first, then by count. The trend is that of all open
   *     descriptors or, when others come and go too much to see one, of what the findings speak of
   */
  public Verdict examine(Reconciliation facts) {
    Scan scan = Scan.of(++tick, facts);
    List<Finding> certain =
        Stream.of(ownerUnreachable, closedByCollector)
            .flatMap(rule -> rule.examine(scan).stream())
            .toList();
    List<Finding> findings = new ArrayList<>(closedBehindOwner.examine(scan));
    findings.addAll(oneForOneCause(certain, growth.examine(scan)));
    findings.sort(
        Comparator.comparing(Finding::confidence)
            .thenComparing(Finding::count, Comparator.reverseOrder())
            .thenComparing(Finding::id));
    double trend = overall.perSecond(scan);
    double perSecond = trend > 0 ? trend : growth.perSecond();
    return new Verdict(findings, perSecond, Headroom.of(facts).exhaustion(perSecond));
  }

  /**
   * A certain finding takes in the growth of its own group, when it explains the most of it; the
   * collector's always does, for what it has not closed yet it will.
   */
  private static List<Finding> oneForOneCause(List<Finding> certain, List<Finding> growing) {
    Map<GroupKey, Finding> growths = new LinkedHashMap<>();
    growing.forEach(finding -> growths.put(finding.group(), finding));
    List<Finding> all = new ArrayList<>();
    for (Finding finding : certain) {
      Finding same = growths.get(finding.group());
      boolean explains =
          same != null
              && (finding.rule().equals(ClosedByCollector.NAME)
                  || 2 * finding.count() >= same.count());
      all.add(explains ? with(finding, growths.remove(finding.group())) : finding);
    }
    all.addAll(growths.values());
    return all;
  }

  private static Finding with(Finding finding, Finding growth) {
    return new Finding(
        finding.id(),
        finding.rule(),
        finding.confidence(),
        finding.hazard(),
        finding.group(),
        finding.count(),
        finding.descriptors(),
        Stream.concat(finding.evidence().stream(), growth.evidence().stream()).toList(),
        finding.firstSeen(),
        growth.ratePerMinute() > 0 ? growth.ratePerMinute() : finding.ratePerMinute(),
        growth.exhaustion() != null ? growth.exhaustion() : finding.exhaustion(),
        advice(finding, growth));
  }

  /** The cause from the certain finding, what to do meanwhile from the growth, which knows more. */
  private static List<String> advice(Finding finding, Finding growth) {
    boolean collected = finding.rule().equals(ClosedByCollector.NAME);
    return Stream.concat(
            finding.advice().stream().limit(collected ? Long.MAX_VALUE : 1),
            growth.advice().stream().skip(1))
        .toList();
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
