package io.descry.detect;

import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A descriptor that has been open for {@value #TIMES} times as long as all but one in {@value
 * #ALL_BUT} that were opened at the same site and closed, and for {@value #SCANS} scans at least: a
 * close that is forgotten on some path. Where nearly all are closed {@link #SOON}, fewer outliers
 * make a finding; but no fewer than most pools have that fill up beside such traffic.
 */
final class LifetimeOutlier implements Sign {
  static final String NAME = "lifetime-outlier";
  private static final int TIMES = 8;
  private static final int SCANS = 4;
  private static final int ALL_BUT = 100;

  /** Fewer lifetimes are no distribution. */
  private static final int ENOUGH = 12;

  /** In scans: how long nearly all may live where few that live longer are a finding. */
  private static final int SOON = 2;

  private static final Bound NONE = new Bound(0, Duration.ZERO);
  private static final int ROUNDS = 12;

  /** Where the others live for longer than that, more are demanded, and for being probable. */
  private static final int LESS_CLEAR = 6;

  private static final int CLEAR = 16;

  private final Commands commands;
  private final Ends ends;
  private final int most;
  private Instant start;

  /** Those of one group are asked about in a row. */
  private Lifetimes lastAsked;

  private long lastOrdinary;

  /** How long it is from one scan to the next, in the mean. */
  private Duration pace = Duration.ofMillis(1);

  LifetimeOutlier(Commands commands, Ends ends, Thresholds thresholds) {
    most = thresholds.outliers();
    this.commands = commands;
    this.ends = ends;
  }

  @Override
  public String rule() {
    return NAME;
  }

  @Override
  public Enough enough() {
    return demanded(LESS_CLEAR);
  }

  @Override
  public Enough enough(GroupKey key) {
    Duration longest = ends.of(key).lifetimes().allButOneIn(ALL_BUT);
    return longest.compareTo(pace.multipliedBy(SOON)) <= 0 ? demanded(0) : demanded(LESS_CLEAR);
  }

  private Enough demanded(int more) {
    return new Enough(most + 1 + more, most + 1 + CLEAR, ROUNDS);
  }

  @Override
  public void learn(Scan scan) {
    lastAsked = null;
    start = start == null ? scan.at() : start;
    long millis = Duration.between(start, scan.at()).toMillis();
    pace = Duration.ofMillis(Math.max(1, millis / Math.max(1, scan.tick() - 1)));
  }

  @Override
  public boolean concerns(GroupKey key) {
    return ends.of(key).lifetimes().total() >= ENOUGH && !WindowsHandles.leftToCollector(key);
  }

  @Override
  public boolean shows(Scan scan, OwnedDescriptor owned) {
    Lifetimes lifetimes = ends.of(owned.group()).lifetimes();
    return lifetimes.total() >= ENOUGH && owned.scans() > ordinary(lifetimes) && scan.counts(owned);
  }

  /** The lives of the others may have become known when it was long old enough. */
  @Override
  public long since(Scan scan, OwnedDescriptor owned) {
    return scan.firstTick(owned) + ordinary(ends.of(owned.group()).lifetimes());
  }

  /** In scans: how long one may be open that will be closed. */
  private long ordinary(Lifetimes lifetimes) {
    if (lifetimes != lastAsked) {
      lastOrdinary = longest(lifetimes);
      lastAsked = lifetimes;
    }
    return lastOrdinary;
  }

  private long longest(Lifetimes lifetimes) {
    long longest = lifetimes.allButOneIn(ALL_BUT).toMillis();
    return longest >= Long.MAX_VALUE / 1_000_000 / TIMES
        ? Integer.MAX_VALUE
        : Math.max(SCANS, -Math.floorDiv(-TIMES * longest, pace.toMillis()));
  }

  @Override
  public Bound bound(Scan scan, OwnedDescriptor owned) {
    return NONE;
  }

  @Override
  public List<Evidence> evidence(Scan scan, List<OwnedDescriptor> shown, Duration shortest) {
    Lifetimes lifetimes = ends.of(shown.get(0).group()).lifetimes();
    Instant youngest = shown.get(shown.size() - 1).opened();
    return List.of(
        new Evidence(
            "lifetime",
            "of %d others of this site that were seen to end, 99 %% were open for %s at most; each of these %d is open for %s or longer"
                .formatted(
                    lifetimes.total(),
                    words(lifetimes.allButOneIn(ALL_BUT)),
                    shown.size(),
                    words(Duration.between(youngest, scan.at()))),
            commands.list(shown)));
  }

  /** Rounded up. */
  private static String words(Duration duration) {
    return duration.toSeconds() >= 10
        ? Headroom.words(duration.plusSeconds(1))
        : duration.plusMillis(1).toMillis() + " ms";
  }

  @Override
  public String advice(GroupKey key) {
    return "Most of what is opened here is closed, some is not%s: look for the path that leaves without closing, mostly an exception, a timeout or an early return."
        .formatted(Advice.at(key));
  }
}
