package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Limits;
import io.descry.reconcile.GroupKey;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HonestyTest {
  private static final GroupKey FILE = World.file("read");

  private final World world = new World();
  private final Detector detector = new Detector(42, List::of, Thresholds.DEFAULT);
  private Verdict verdict = Verdict.NONE;

  @BeforeEach
  void aLowLimit() {
    world.limits = new Limits(480, 4000);
  }

  @Test
  void sayWhatWasSuspectedAndIsClosed() {
    leak(40);
    Finding finding = verdict.findings().get(0);
    assertThat(verdict.resolved()).isEmpty();
    world.all(FILE).clear();
    scan();
    assertThat(verdict.findings()).isEmpty();
    Resolved resolved = verdict.resolved().get(0);
    assertThat(resolved.id()).isEqualTo(finding.id());
    assertThat(resolved.confidence()).isEqualTo(Confidence.PROBABLE);
    assertThat(resolved.closed()).isEqualTo(finding.count()).isEqualTo(resolved.count());
    assertThat(resolved.from()).isEqualTo(finding.firstSeen());
    assertThat(resolved.to()).isAfter(resolved.from());
  }

  @Test
  void sayWhatIsOpenAndNoLongerSuspect() {
    leak(40);
    for (int i = 0; i < 250; i++) {
      scan();
    }
    assertThat(verdict.resolved()).singleElement().extracting(Resolved::closed).isEqualTo(0);
  }

  @Test
  void aFindingThatAnotherTookInIsNotResolved() {
    leak(40);
    world.all(FILE).forEach(open -> open.unreachable = true);
    scan();
    scan();
    assertThat(verdict.findings()).extracting(Finding::rule).containsExactly("owner-unreachable");
    assertThat(verdict.resolved()).isEmpty();
  }

  @Test
  void keepTheLatestOnly() {
    Honesty honesty = new Honesty();
    long tick = 0;
    for (int i = 0; i < 150; i++) {
      World.Open open = world.open(FILE, 1);
      Scan scan = Scan.of(++tick, world.reconcile());
      Finding finding =
          new Finding(
              "growth-" + i,
              "growth",
              Confidence.SUSPECT,
              false,
              FILE,
              1,
              scan.of(FILE),
              List.of(new Evidence("growth", "it grows", "ls")),
              scan.at(),
              0,
              null,
              List.of());
      assertThat(open.number).isPositive();
      honesty.resolved(scan, List.of(finding));
    }
    var kept = honesty.resolved(Scan.of(++tick, world.reconcile()), List.of());
    assertThat(kept).hasSize(Honesty.KEPT);
    assertThat(kept.get(kept.size() - 1).id()).isEqualTo("growth-149");
  }

  private void leak(int scans) {
    for (int i = 0; i < scans; i++) {
      world.open(FILE, World.FOREVER);
      scan();
    }
  }

  private void scan() {
    verdict = detector.examine(world.observe());
  }
}
