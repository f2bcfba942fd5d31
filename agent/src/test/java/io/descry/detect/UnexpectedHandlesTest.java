package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Kind;
import io.descry.os.ThreadWaits;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Sightings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnexpectedHandlesTest {
  private static final GroupKey POOL = World.java(Kind.SOCKET_TCP, "connect");
  private static final GroupKey BESIDE = World.java(Kind.SOCKET_TCP, "audit");
  private static final GroupKey FILES = World.file("index");
  private static final Expectation NARROW =
      new Expectation("db-pool", Set.of(Kind.SOCKET_TCP), null, "com.example.Shop", 10);
  private static final Expectation WIDE =
      new Expectation("sockets", Set.of(Kind.SOCKET_TCP), null, null, 10);

  private final World world = new World();
  private Detector detector = new Detector(42, List::of, Thresholds.DEFAULT);
  private Verdict last;

  @Test
  void whatLeaksBesideThePoolIsInNobodysBook() {
    world.open(POOL, 10, World.FOREVER);
    scan(20, NARROW);
    for (int i = 0; i < 5; i++) {
      world.open(BESIDE, World.FOREVER);
      scan(3, NARROW);
    }
    assertThat(last.findings()).as("too early").isEmpty();
    scan(30, NARROW);
    Finding finding = only();
    assertThat(finding.rule()).isEqualTo("unexpected-handles");
    assertThat(finding.confidence()).isEqualTo(Confidence.SUSPECT);
    assertThat(finding.group()).isEqualTo(BESIDE);
    assertThat(finding.count()).isEqualTo(5);
    assertThat(finding.descriptors()).hasSize(5).allMatch(owned -> owned.group().equals(BESIDE));
    assertThat(finding.evidence().get(0).type()).isEqualTo("expected");
    assertThat(finding.evidence().get(0).text())
        .contains(
            "expects 10 of \"db-pool\" (socket.tcp opened by com.example.Shop), 15 are open",
            "at least 5 ",
            "in 5 different scans");
    assertThat(finding.evidence().get(0).check())
        .startsWith("cd /proc/42/fd && ls -d 3 4 5 ")
        .endsWith(" | wc -l");
    assertThat(finding.advice().get(0)).contains("db-pool", "com.example.Shop.audit");
  }

  @Test
  void whatIsDroppedFromTheBookAndNotClosedShowsToo() {
    world.open(POOL, 10, World.FOREVER);
    scan(20, NARROW);
    scan(5, NARROW.with(8));
    scan(40, NARROW.with(6));
    assertThat(only().count()).isEqualTo(4);
    assertThat(only().group()).isEqualTo(POOL);
    assertThat(only().descriptors()).hasSize(4);
  }

  @Test
  void aFindingKeepsItsNameAndGoesWhenTheBookIsRightAgain() {
    whatIsDroppedFromTheBookAndNotClosedShowsToo();
    String id = only().id();
    scan(20, NARROW.with(6));
    assertThat(only().id()).isEqualTo(id);
    world.closeOldest(POOL, 4);
    scan(1, NARROW.with(6));
    assertThat(last.findings()).isEmpty();
    assertThat(last.resolved()).extracting(Resolved::id).containsExactly(id);
    assertThat(last.resolved().get(0).closed()).isPositive();
  }

  @Test
  void whatHasRisenForLongIsProbableAndNeverCertain() {
    leakForLong(NARROW);
    assertThat(only().confidence()).isEqualTo(Confidence.PROBABLE);
    assertThat(only().ratePerMinute()).isBetween(10.0, 25.0);
    assertThat(only().group()).isEqualTo(BESIDE);
    scan(150, NARROW);
    assertThat(only().confidence()).as("no more came").isEqualTo(Confidence.SUSPECT);
    assertThat(only().ratePerMinute()).isZero();
  }

  @Test
  void whereOthersMayOpenTheSameItTakesMuchMore() {
    world.open(World.java(Kind.SOCKET_TCP, "other"), 25, World.FOREVER);
    leakForLong(WIDE);
    assertThat(only().confidence()).isEqualTo(Confidence.SUSPECT);
    assertThat(only().evidence().get(0).text()).contains("65 are open");
    assertThat(only().count()).as("not the 25 that were there").isLessThanOrEqualTo(30);
    assertThat(only().advice().get(1)).contains("register with the library or the class");
  }

  private void leakForLong(Expectation expectation) {
    world.open(POOL, 10, World.FOREVER);
    scan(20, expectation);
    for (int i = 0; i < 30; i++) {
      world.open(BESIDE, World.FOREVER);
      scan(4, expectation);
    }
  }

  @Test
  void whereOthersMayOpenTheSameStepsAndFewAreNone() {
    world.open(POOL, 10, World.FOREVER);
    scan(20, WIDE);
    world.open(BESIDE, 50, World.FOREVER);
    scan(60, WIDE);
    assertThat(last.findings()).isEmpty();
    detector = new Detector(42, List::of, Thresholds.DEFAULT);
    for (int i = 0; i < 9; i++) {
      world.open(BESIDE, World.FOREVER);
      scan(10, WIDE);
    }
    assertThat(last.findings()).isEmpty();
  }

  @Test
  void whatIsNotCountedFromTheBeginningIsNone() {
    world.open(POOL, 17, World.FOREVER);
    scan(100, NARROW);
    assertThat(last.findings()).isEmpty();
    world.open(BESIDE, 4, World.FOREVER);
    scan(100, NARROW);
    assertThat(last.findings()).as("nor a single step").isEmpty();
    world.open(BESIDE, World.FOREVER);
    scan(30, NARROW);
    assertThat(only().count()).isEqualTo(5);
    assertThat(only().evidence().get(0).text())
        .contains("22 are open", "at least 5 beside the 7 that always were");
  }

  @Test
  void aPoolThatIsRightIsSilentHoweverItMoves() {
    for (int run = 0; run < 20; run++) {
      World pool = new World(run, Duration.ofSeconds(1));
      detector = new Detector(42, List::of, Thresholds.DEFAULT);
      int target = 10;
      for (int i = 0; i < 300; i++) {
        target = pool.random.nextInt(20) == 0 ? pool.between(1, 60) : target;
        int missing = target - pool.count(POOL);
        pool.open(POOL, Math.max(0, missing), World.FOREVER);
        pool.closeOldest(POOL, Math.max(0, -missing));
        // Opened before it is booked, and booked out before it is closed.
        int booked = Math.max(0, pool.count(POOL) - pool.between(0, 3));
        pool.open(POOL, pool.poisson(2), 3);
        last =
            detector.examine(
                new Observation(
                    pool.reconcile(),
                    ThreadWaits.unknown(Instant.EPOCH),
                    Sightings.NONE,
                    List.of(NARROW.with(Math.max(booked, pool.count(POOL) / 2)))));
        assertThat(last.findings()).as("run %d, scan %d", run, i).isEmpty();
      }
    }
  }

  @Test
  void closingSlowlyIsLearned() {
    for (int i = 0; i < 12; i++) {
      world.open(POOL, 10, World.FOREVER);
      scan(20, NARROW);
      scan(2, NARROW.with(5));
      scan(16, NARROW.with(0));
      world.all(POOL).clear();
      scan(10, NARROW.with(0));
      assertThat(last.findings()).as("round %d", i).isEmpty();
    }
    world.open(POOL, 10, World.FOREVER);
    scan(20, NARROW);
    scan(2, NARROW.with(5));
    scan(33, NARROW.with(0));
    assertThat(last.findings()).as("learned").isEmpty();
    scan(20, NARROW.with(0));
    assertThat(last.findings()).as("but not for ever").hasSize(1);
    world.all(POOL).clear();
    detector = new Detector(42, List::of, Thresholds.DEFAULT);
    world.open(POOL, 10, World.FOREVER);
    scan(20, NARROW);
    scan(2, NARROW.with(5));
    scan(33, NARROW.with(0));
    assertThat(last.findings()).as("who has not learned").hasSize(1);
  }

  @Test
  void withoutAnAnswerNothingIsSaid() {
    world.open(POOL, 10, World.FOREVER);
    scan(20, NARROW);
    world.open(BESIDE, 10, World.FOREVER);
    scan(5, NARROW);
    world.open(BESIDE, 10, World.FOREVER);
    scan(40, NARROW);
    assertThat(last.findings()).hasSize(1);
    scan(1, NARROW.with(Expectation.UNKNOWN));
    assertThat(last.findings()).isEmpty();
  }

  @Test
  void itMakesProbableWhatAnotherRuleSuspects() {
    Expectation index = new Expectation("index", Set.of(), null, "com.example.Shop", 0);
    Detector alone = new Detector(42, List::of, Thresholds.DEFAULT);
    Detector told = new Detector(42, List::of, Thresholds.DEFAULT);
    Verdict unaided = null;
    for (int i = 0; i < 185; i++) {
      if (i < 130) {
        world.open(FILES, World.FOREVER);
      }
      var facts = world.reconcile();
      unaided = alone.examine(Observation.of(facts, ThreadWaits.unknown(facts.at())));
      last =
          told.examine(
              new Observation(
                  facts, ThreadWaits.unknown(facts.at()), Sightings.NONE, List.of(index)));
    }
    assertThat(unaided.findings()).hasSize(1);
    assertThat(unaided.findings().get(0).confidence()).isEqualTo(Confidence.SUSPECT);
    assertThat(only().rule()).isEqualTo("growth");
    assertThat(only().confidence()).isEqualTo(Confidence.PROBABLE);
    assertThat(only().evidence()).extracting(Evidence::type).contains("growth", "expected");
  }

  private Finding only() {
    assertThat(last.findings()).hasSize(1);
    return last.findings().get(0);
  }

  private void scan(int times, Expectation expectation) {
    for (int i = 0; i < times; i++) {
      var facts = world.reconcile();
      last =
          detector.examine(
              new Observation(
                  facts, ThreadWaits.unknown(facts.at()), Sightings.NONE, List.of(expectation)));
    }
  }
}
