package io.descry.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExhaustionTest {
  private static final long WHILE = Exhaustion.WHILE.toNanos();

  private final Exhaustion exhaustion = new Exhaustion();

  @Test
  void theFirstSignIsDueAtOnceAndTheNextOnlyAfterAWhileOfLowUsage() {
    assertThat(exhaustion.due(false, () -> 0.99, 0)).isZero();
    assertThat(exhaustion.due(true, () -> 1, 1)).isEqualTo(1);
    assertThat(exhaustion.due(true, () -> 1, 2)).isZero();
    assertThat(exhaustion.due(false, () -> 0.4, 3)).isZero();
    assertThat(exhaustion.due(true, () -> 1, WHILE)).as("no whole while").isZero();
    assertThat(exhaustion.due(false, () -> 0.4, WHILE + 1)).isZero();
    assertThat(exhaustion.due(false, () -> 0.6, WHILE + 2)).as("not low").isZero();
    assertThat(exhaustion.due(false, () -> 0.4, WHILE + 3)).isZero();
    assertThat(exhaustion.due(false, () -> 0.4, 2 * WHILE + 3)).isZero();
    assertThat(exhaustion.due(true, () -> 1, 2 * WHILE + 4)).isEqualTo(2);
  }

  @Test
  void usageThatIsUnknownIsNotLow() {
    assertThat(exhaustion.due(true, () -> Double.NaN, 0)).isEqualTo(1);
    assertThat(exhaustion.due(false, () -> Double.NaN, 1)).isZero();
    assertThat(exhaustion.due(false, () -> Double.NaN, 1 + WHILE)).isZero();
    assertThat(exhaustion.due(true, () -> Double.NaN, 2 + WHILE)).isZero();
  }

  @Test
  void threeReportsAndNoMore() {
    long now = 0;
    int reports = 0;
    for (int i = 0; i < 10; i++) {
      reports += exhaustion.due(true, () -> 1, now++) > 0 ? 1 : 0;
      exhaustion.due(false, () -> 0.1, now);
      exhaustion.due(false, () -> 0.1, now += WHILE);
    }
    assertThat(reports).isEqualTo(3);
    assertThat(exhaustion.isOver()).isTrue();
  }

  @Test
  void callsThatFailedBeforeDescryLookedAndAProcessWithoutFreeNumbersAreSigns() {
    List<String> reports = new ArrayList<>();
    AtomicLong failed = new AtomicLong(3);
    Emergency late = new Emergency(failed::get, true, () -> false, () -> 0.99, reports::add);
    assertThat(late.look(0)).isTrue();
    assertThat(late.look(1)).isFalse();
    Emergency blind = new Emergency(() -> 0, false, () -> true, () -> 1, reports::add);
    assertThat(blind.look(0)).isTrue();
    assertThat(reports).containsExactly("-exhaustion", "-exhaustion");
    Emergency calm = new Emergency(() -> 0, false, () -> false, () -> 0.99, reports::add);
    assertThat(calm.look(0)).isFalse();
  }

  @Test
  void looksMoreOftenTheNearerTheLimitIsOrWhenItIsUnknown() {
    double[] usage = {0.1};
    Emergency emergency = new Emergency(() -> 0, true, () -> false, () -> usage[0], report -> true);
    assertThat(emergency.millis()).isEqualTo(Emergency.CALM_MILLIS);
    usage[0] = 0.5;
    assertThat(emergency.millis()).isEqualTo(Emergency.MILLIS);
    usage[0] = Double.NaN;
    assertThat(emergency.millis()).isEqualTo(Emergency.MILLIS);
  }

  @Test
  void laterReportsDoNotReplaceTheFirst() {
    List<String> reports = new ArrayList<>();
    AtomicLong failed = new AtomicLong(1);
    double[] usage = {1};
    Emergency emergency =
        new Emergency(failed::get, true, () -> false, () -> usage[0], reports::add);
    emergency.look(0);
    usage[0] = 0.2;
    emergency.look(1);
    emergency.look(1 + WHILE);
    failed.incrementAndGet();
    emergency.look(2 + WHILE);
    assertThat(reports).containsExactly("-exhaustion", "-exhaustion-2");
  }
}
