package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.Socket;
import io.descry.reconcile.CollectedSite;
import io.descry.reconcile.Discrepancy;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DetectorTest {
  private static final GroupKey FILE = World.file("read");
  private static final GroupKey EPOLL = World.foreign(Kind.EVENTPOLL);

  private final World world = new World();
  private final Detector detector = new Detector(42, List::of, Thresholds.DEFAULT);

  /** So low that a few scans' growth can use it up: a leak shows as soon as it can. */
  @BeforeEach
  void aLowLimit() {
    world.limits = new Limits(480, 4000);
  }

  @Test
  void nothingOfNothing() {
    assertThat(detector.examine(world.observe())).isEqualTo(Verdict.NONE);
  }

  @Test
  void mostCertainFirst() {
    world.discrepancies.add(
        new Discrepancy(7, 1, Kind.FILE, FILE.site(), World.START, null, null, null, null));
    Verdict verdict = leak(EPOLL, 40, false);
    assertThat(verdict.findings())
        .extracting(Finding::rule)
        .containsExactly(ClosedBehindOwner.NAME, Growth.NAME);
  }

  @Test
  void theCollectorsFindingTakesInTheGrowthOfItsSite() {
    world.collected.add(new CollectedSite(Kind.FILE, FILE.site(), 2, World.START, World.START));
    Verdict verdict = leak(FILE, 40, false);

    assertThat(verdict.findings())
        .extracting(Finding::rule)
        .containsExactly(ClosedByCollector.NAME);
    Finding finding = verdict.findings().get(0);
    assertThat(finding.count()).isEqualTo(2);
    assertThat(finding.evidence()).extracting(Evidence::type).contains("collected", "growth");
    assertThat(finding.ratePerMinute()).isBetween(55.0, 65.0);
    assertThat(finding.exhaustion()).isNotNull();
    assertThat(finding.advice()).anyMatch(line -> line.contains("prlimit"));
  }

  @Test
  void unreachableOwnersExplainTheGrowthWhenTheyAreMostOfIt() {
    Verdict verdict = leak(FILE, 40, true);
    assertThat(verdict.findings()).extracting(Finding::rule).containsExactly(OwnerUnreachable.NAME);
    assertThat(verdict.findings().get(0).evidence()).extracting(Evidence::type).contains("growth");
  }

  @Test
  void aFewUnreachableOwnersDoNotExplainTheGrowth() {
    world.open(FILE, World.FOREVER).unreachable = true;
    Verdict verdict = leak(FILE, 40, false);
    assertThat(verdict.findings())
        .extracting(Finding::rule)
        .containsExactly(OwnerUnreachable.NAME, Growth.NAME);
  }

  @Test
  void theOverallTrendIsOfAllThatIsOpen() {
    world.limits = new Limits(65536, 65536);
    GroupKey inherited = new GroupKey(Owner.INHERITED, null, Kind.FILE, Site.UNKNOWN);
    Verdict verdict = leak(inherited, 40, false);
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.growthPerSecond()).isBetween(0.9, 1.1);
    assertThat(verdict.exhaustion()).isAfter(world.now.plusSeconds(60_000));
  }

  @Test
  void aLeakShowsInTheOverallTrendThoughOthersComeAndGo() {
    Verdict verdict = Verdict.NONE;
    for (int i = 0; i < 40; i++) {
      world.open(EPOLL, World.FOREVER);
      for (int request = world.poisson(30); request > 0; request--) {
        world.open(FILE, world.life(20));
      }
      verdict = detector.examine(world.observe());
    }
    assertThat(verdict.findings()).extracting(Finding::group).containsExactly(EPOLL);
    assertThat(verdict.growthPerSecond()).isBetween(0.9, 1.1);
  }

  @Test
  void onWindowsTheRulesThatItTellsTooLittleForAreLeftOutAndNamed() {
    Detector windows = new Detector(new WindowsCommands(42), List::of, Thresholds.DEFAULT);
    assertThat(windows.unseen())
        .containsExactly("half-made", "empty-loop", "nobody-polls", "orphan", "never-used");
    assertThat(detector.unseen()).isEmpty();
    assertThat(rules(detector)).containsExactly("half-made", "peer-gone");
    assertThat(rules(windows)).containsExactly("peer-gone");
  }

  /** Of a process whose peers have hung up, and whose other sockets were never connected. */
  private static List<String> rules(Detector judge) {
    World sockets = new World();
    GroupKey gone = World.java(Kind.SOCKET_TCP, "gone");
    GroupKey made = World.java(Kind.SOCKET_TCP, "made");
    Verdict verdict = Verdict.NONE;
    for (int i = 0; i < 200; i++) {
      if (i < 60) {
        World.Open stale = sockets.open(gone, World.FOREVER);
        stale.socket = stale.stale();
        stale.facts = World.peerGone();
        sockets.open(made, World.tcp("", "", "CLOSE", Socket.Stage.CREATED));
      }
      verdict = judge.examine(sockets.observe());
    }
    return verdict.findings().stream().map(Finding::rule).distinct().sorted().toList();
  }

  private Verdict leak(GroupKey key, int scans, boolean unreachable) {
    Verdict verdict = Verdict.NONE;
    for (int i = 0; i < scans; i++) {
      world.open(key, World.FOREVER).unreachable = unreachable;
      verdict = detector.examine(world.observe());
    }
    return verdict;
  }
}
