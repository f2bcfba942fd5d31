package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnerUnreachableTest {
  private final World world = new World();
  private final OwnerUnreachable rule = new OwnerUnreachable(Commands.of(42));
  private long tick;

  @Test
  void believeTwoScansAndNeverOne() {
    World.Open lost = world.open(World.file("read"), World.FOREVER);
    world.open(World.file("read"), World.FOREVER);
    assertThat(scan()).isEmpty();
    lost.unreachable = true;
    assertThat(scan()).isEmpty();

    List<Finding> findings = scan();

    assertThat(findings).hasSize(1);
    Finding finding = findings.get(0);
    assertThat(finding.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(finding.count()).isEqualTo(1);
    assertThat(finding.descriptors())
        .extracting(one -> one.descriptor().number())
        .containsExactly(3);
    assertThat(finding.evidence().get(0).check())
        .isEqualTo("jcmd 42 GC.run && cd /proc/42/fd && ls -l 3");
    assertThat(finding.advice().get(0)).contains("com.example.Shop.read");
  }

  @Test
  void startAgainWhenTheNumberHasAnotherIdentity() {
    World.Open lost = world.open(World.file("read"), World.FOREVER);
    lost.unreachable = true;
    scan();
    world.all(World.file("read")).clear();
    World.Open next = world.openAs(World.file("write"), lost.number, 99);
    next.unreachable = true;
    next.scans = 5;

    assertThat(scan()).isEmpty();
    assertThat(scan()).hasSize(1);
  }

  @Test
  void keepIdAndFirstTimeWhileMoreAreLostAndDropWhatIsClosed() {
    World.Open first = world.open(World.file("read"), World.FOREVER);
    first.unreachable = true;
    scan();
    Finding before = scan().get(0);
    world.open(World.file("read"), World.FOREVER).unreachable = true;
    scan();
    Finding after = scan().get(0);

    assertThat(after.count()).isEqualTo(2);
    assertThat(after.id()).isEqualTo(before.id()).isEqualTo("owner-unreachable-1");
    assertThat(after.firstSeen()).isEqualTo(before.firstSeen());

    world.all(World.file("read")).clear();
    assertThat(scan()).isEmpty();
  }

  @Test
  void foretellTheEndOfASteadyLeakOnly() {
    for (int i = 0; i < 30; i++) {
      world.open(World.file("read"), World.FOREVER).unreachable = true;
      scan();
    }
    Finding steady = scan().get(0);
    assertThat(steady.ratePerMinute()).isBetween(50.0, 65.0);
    assertThat(steady.exhaustion()).isAfter(world.now.plusSeconds(60_000));

    for (int i = 0; i < 60; i++) {
      scan();
    }
    Finding quiet = scan().get(0);
    assertThat(quiet.count()).isEqualTo(30);
    assertThat(quiet.ratePerMinute()).isZero();
    assertThat(quiet.exhaustion()).isNull();
  }

  private List<Finding> scan() {
    return rule.examine(Scan.of(++tick, world.reconcile()));
  }
}
