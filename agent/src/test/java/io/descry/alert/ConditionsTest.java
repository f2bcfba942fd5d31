package io.descry.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.detect.Confidence;
import io.descry.detect.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConditionsTest {
  private final Conditions conditions =
      new Conditions(Samples.settings(Map.of("alert", "log", "alert.growth", "60")));

  /** Every change of a sequence of scans, as {@code scan:name state}. */
  private List<String> changes(List<Figures> scans) {
    List<String> changes = new ArrayList<>();
    for (int i = 0; i < scans.size(); i++) {
      for (Alert alert : conditions.examine(scans.get(i), List.of())) {
        changes.add(i + ":" + alert.name() + " " + alert.state());
      }
    }
    return changes;
  }

  private List<String> usage(int... open) {
    return changes(IntStream.of(open).mapToObj(Samples::open).toList());
  }

  @Test
  void usageAlertsAtItsThresholdAndOnce() {
    assertThat(usage(100, 799, 800, 850, 999, 1000, 800)).containsExactly("2:usage raised");
    assertThat(conditions.active(AlertKind.USAGE)).isEqualTo(1);
  }

  @Test
  void noiseAroundTheThresholdAlertsOnce() {
    Random random = new Random(7);
    int[] noise = IntStream.range(0, 2000).map(i -> 800 + random.nextInt(-99, 60)).toArray();
    assertThat(usage(noise)).hasSize(1);
  }

  @Test
  void usageIsOverWhenItStaysWellBelow() {
    int[] scans = new int[40];
    Arrays.fill(scans, 699);
    scans[0] = 820;
    // Nine below are too few, and one that is between begins anew.
    scans[10] = 700;
    scans[30] = 800;
    assertThat(usage(scans))
        .containsExactly("0:usage raised", "20:usage cleared", "30:usage raised");
  }

  @Test
  void dropsThatPassDoNotClear() {
    int[] scans = IntStream.range(0, 500).map(i -> i % 10 == 0 ? 900 : 50).toArray();
    assertThat(usage(scans)).containsExactly("0:usage raised");
  }

  @Test
  void aLowThresholdCanBeClearedToo() {
    Conditions low = new Conditions(Samples.settings(Map.of("alert", "log", "alert.usage", "6%")));
    assertThat(low.examine(Samples.open(60), List.of())).hasSize(1);
    List<Alert> later = new ArrayList<>();
    for (int i = 0; i < Latch.CALM; i++) {
      later.addAll(low.examine(Samples.open(29), List.of()));
    }
    assertThat(later).extracting(Alert::state).containsExactly("cleared");
  }

  @Test
  void withoutLimitThereIsNoUsage() {
    assertThat(
            conditions.examine(
                new Figures(Samples.AT, 1_000_000, Long.MAX_VALUE, 0, null), List.of()))
        .isEmpty();
    assertThat(conditions.examine(new Figures(Samples.AT, 1_000_000, -1, 0, null), List.of()))
        .isEmpty();
  }

  @Test
  void growthFlappingBetweenSeenAndUnseenAlertsOnce() {
    List<Figures> scans =
        IntStream.range(0, 300)
            .mapToObj(i -> Samples.growing(i % 7 == 0 ? 61 : i % 3 == 0 ? 0 : 59))
            .toList();
    assertThat(changes(scans)).containsExactly("0:growth raised");
  }

  @Test
  void growthIsOffUntilAsked() {
    Conditions usual = new Conditions(Samples.settings(Map.of()));
    assertThat(usual.examine(Samples.growing(1e6), List.of())).isEmpty();
  }

  @Test
  void exhaustionAroundItsBoundAlertsOnce() {
    Random random = new Random(3);
    List<Figures> scans =
        IntStream.range(0, 1000)
            .mapToObj(
                i ->
                    Samples.ending(
                        i % 5 == 4 ? null : Duration.ofMinutes(60 + random.nextInt(-20, 55))))
            .toList();
    assertThat(changes(scans)).hasSize(1).allMatch(line -> line.endsWith("exhaustion raised"));
  }

  @Test
  void exhaustionIsOverWhenNoEndIsInSight() {
    List<Figures> scans = new ArrayList<>(List.of(Samples.ending(Duration.ofMinutes(59))));
    for (int i = 0; i < 10; i++) {
      scans.add(i % 2 == 0 ? Samples.ending(null) : Samples.ending(Duration.ofHours(3)));
    }
    assertThat(changes(scans)).containsExactly("0:exhaustion raised", "10:exhaustion cleared");
  }

  @Test
  void growthThatEndsAtTheLimitIsNoRelief() {
    List<Figures> scans = new ArrayList<>(List.of(Samples.ending(Duration.ofMinutes(1))));
    for (int i = 0; i < 50; i++) {
      scans.add(Samples.open(1000));
    }
    assertThat(changes(scans)).containsExactly("0:exhaustion raised", "1:usage raised");
  }

  @Test
  void aFindingAlertsOnceAndIsOverWhenItStaysAway() {
    List<Finding> one = List.of(Samples.finding("growth-1", Confidence.PROBABLE));
    List<String> changes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      // There for 20 scans with a gap of 5, then gone, then back.
      boolean there = i < 20 && (i < 8 || i > 12) || i >= 40;
      for (Alert alert : conditions.examine(Samples.open(10), there ? one : List.of())) {
        changes.add(i + ":" + alert.name() + " " + alert.state());
      }
    }
    assertThat(changes)
        .containsExactly(
            "0:finding-growth-1 raised",
            "29:finding-growth-1 cleared",
            "40:finding-growth-1 raised");
    assertThat(conditions.active(AlertKind.FINDING)).isEqualTo(1);
  }

  @Test
  void eachFindingAlertsForItself() {
    List<Finding> two =
        List.of(
            Samples.finding("growth-1", Confidence.CERTAIN),
            Samples.finding("growth-2", Confidence.PROBABLE));
    assertThat(conditions.examine(Samples.open(10), two.subList(0, 1))).hasSize(1);
    assertThat(conditions.examine(Samples.open(10), two))
        .extracting(Alert::name)
        .containsExactly("finding-growth-2");
  }

  @Test
  void aFindingMustBeSureEnough() {
    assertThat(
            conditions.examine(
                Samples.open(10), List.of(Samples.finding("growth-1", Confidence.SUSPECT))))
        .isEmpty();
    assertThat(
            conditions.examine(
                Samples.open(10), List.of(Samples.finding("growth-1", Confidence.PROBABLE))))
        .hasSize(1);
    Conditions none =
        new Conditions(Samples.settings(Map.of("alert", "log", "alert.findings", "off")));
    assertThat(
            none.examine(
                Samples.open(10), List.of(Samples.finding("growth-1", Confidence.CERTAIN))))
        .isEmpty();
  }

  @Test
  void textCannotForgeALine() {
    Alert alert = Samples.alert("lib\n2026 ERROR all is lost\u202e\u001b[2J");
    assertThat(alert.text()).contains("lib\\n2026 ERROR").matches("[\\x20-\\x7e]*");
  }
}
