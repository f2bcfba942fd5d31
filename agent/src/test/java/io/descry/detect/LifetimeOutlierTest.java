package io.descry.detect;

import static io.descry.detect.World.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.descry.reconcile.GroupKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifetimeOutlierTest {
  private static final GroupKey FILE = World.file("read");

  private final World world = new World();
  private final Detector detector = new Detector(42, List::of, Thresholds.DEFAULT);
  private List<Finding> last = List.of();

  @Test
  void oneThatIsForgottenNowAndThenAmongThoseThatLiveForMilliseconds() {
    for (int i = 0; i < 36; i++) {
      world.openBriefly(FILE, 1);
      world.open(FILE, 1, FOREVER);
      scan();
    }
    Finding finding = last.get(0);
    assertThat(finding.rule()).isEqualTo("lifetime-outlier");
    assertThat(finding.confidence()).isEqualTo(Confidence.SUSPECT);
    assertThat(finding.count()).isBetween(25, 36);
    assertThat(finding.ratePerMinute()).isBetween(50.0, 70.0);
    assertThat(finding.evidence())
        .extracting(Evidence::text)
        .anyMatch(
            text -> text.startsWith("of 36 others of this site") && text.contains(" ms at most"))
        .anyMatch(
            text ->
                text.equals(
                    "of this site 36 are open, and 36 were seen to be closed, of a sample"));
    for (int i = 0; i < 20; i++) {
      world.openBriefly(FILE, 1);
      world.open(FILE, 1, FOREVER);
      scan();
    }
    assertThat(last.get(0).confidence()).isEqualTo(Confidence.PROBABLE);
  }

  @Test
  void fewThatAreNotClosedWhereNearlyAllAreClosedSoon() {
    for (int i = 0; i < 70; i++) {
      world.open(FILE, 10, 2);
      world.open(FILE, 1, FOREVER);
      scan();
    }
    assertThat(last.get(0).rule()).isEqualTo("lifetime-outlier");
    assertThat(last.get(0).count()).isBetween(31, 70);
    assertThat(last.get(0).evidence().get(0).text()).contains("99 %");
  }

  @Test
  void aPoolOfTwentyFourBesideThemIsInOrderHoweverSlowlyItFills() {
    for (int pace : new int[] {1, 2, 5, 10}) {
      GroupKey site = World.file("pool" + pace);
      for (int i = 0; i < 24 * pace + 60; i++) {
        world.openBriefly(site, 2);
        world.open(site, i % pace == 0 && world.count(site) < 24 ? 1 : 0, FOREVER);
        scan();
        assertThat(last).as("pace %d, scan %d", pace, i).isEmpty();
      }
    }
  }

  @Test
  void aCacheOfUpToFortyIsASuspectAtMostAndForgottenWhenItIsFull() {
    List<Confidence> seen = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      world.openBriefly(FILE, 2);
      world.open(FILE, world.count(FILE) < 40 ? 1 : 0, FOREVER);
      scan();
      last.forEach(finding -> seen.add(finding.confidence()));
    }
    assertThat(seen).containsOnly(Confidence.SUSPECT);
    assertThat(last).isEmpty();
  }

  @Test
  void aCacheThatClosesTheOldestShowsHowLongItKeepsThem() {
    for (int i = 0; i < 300; i++) {
      world.openBriefly(FILE, 2);
      world.open(FILE, 1, FOREVER);
      world.closeOldest(FILE, Math.max(0, world.count(FILE) - 24));
      scan();
      assertThat(last).as("scan " + i).isEmpty();
    }
  }

  @Test
  void aBurstOfForgottenOnesIsNoHabit() {
    for (int i = 0; i < 100; i++) {
      world.openBriefly(FILE, 2);
      world.open(FILE, i == 30 ? 60 : 0, FOREVER);
      scan();
      assertThat(last).as("scan " + i).isEmpty();
    }
  }

  @Test
  void fewLivesAreNoDistribution() {
    world.openBriefly(FILE, 11);
    for (int i = 0; i < 60; i++) {
      world.open(FILE, 1, FOREVER);
      scan();
      assertThat(last).as("scan " + i).isEmpty();
    }
  }

  private void scan() {
    last = detector.examine(world.observe()).findings();
  }
}
