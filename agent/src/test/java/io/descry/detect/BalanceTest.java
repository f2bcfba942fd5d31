package io.descry.detect;

import static io.descry.detect.World.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.descry.reconcile.CollectedSite;
import io.descry.reconcile.GroupKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BalanceTest {
  private static final GroupKey FILE = World.file("read");

  private final World world = new World();
  private final Detector detector = new Detector(42, List::of, Thresholds.DEFAULT);

  @Test
  void aSiteOfWhichNothingIsEverClosedLacksTheClose() {
    Finding finding = grow(() -> {});
    assertThat(balance(finding))
        .isEqualTo("of this site 200 are open, and none was seen to be closed");
    assertThat(finding.advice()).anyMatch(advice -> advice.contains("look for the close itself"));
  }

  @Test
  void aSiteThatClosesMostForgetsOnSomePath() {
    Finding finding = grow(() -> world.openBriefly(FILE, 20));
    assertThat(balance(finding))
        .isEqualTo("of this site 200 are open, and 800 were seen to be closed, of a sample");
    assertThat(finding.advice())
        .noneMatch(advice -> advice.contains("look for the close itself"))
        .anyMatch(advice -> advice.contains("path that leaves without closing"));
  }

  @Test
  void whoElseClosesIsNamed() {
    Finding finding =
        grow(
            () -> {
              world.end(FILE, Duration.ofMillis(3), "libfoo.so");
              world.end(FILE, Duration.ofMillis(3), null);
            });
    assertThat(balance(finding))
        .endsWith(
            "80 were seen to be closed, of a sample, 40 of them by another than had opened them,"
                + " such as libfoo.so");
    assertThat(finding.advice()).as("neither never nor mostly").hasSize(3);
  }

  @Test
  void whatTheCollectorClosesIsNoCloseOfTheSites() {
    world.collected.add(new CollectedSite(FILE.kind(), FILE.site(), 1, world.now, world.now));
    Finding finding = grow(() -> world.openBriefly(FILE, 20));
    assertThat(finding.evidence()).extracting(Evidence::type).doesNotContain("balance");
  }

  private static String balance(Finding finding) {
    return finding.evidence().stream()
        .filter(evidence -> evidence.type().equals("balance"))
        .map(Evidence::text)
        .findFirst()
        .orElseThrow();
  }

  private Finding grow(Runnable also) {
    List<Finding> last = List.of();
    for (int i = 0; i < 40; i++) {
      world.open(FILE, 5, FOREVER);
      also.run();
      last = detector.examine(world.observe()).findings();
    }
    assertThat(last).hasSize(1);
    return last.get(0);
  }
}
