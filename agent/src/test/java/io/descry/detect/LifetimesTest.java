package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LifetimesTest {
  @Test
  void whatNearlyAllLiveShorterThan() {
    Lifetimes lifetimes = new Lifetimes();
    for (int i = 0; i < 99; i++) {
      lifetimes.add(Duration.ofSeconds(2));
    }
    lifetimes.add(Duration.ofHours(1));
    assertThat(lifetimes.total()).isEqualTo(100);
    assertThat(lifetimes.allButOneIn(100))
        .isBetween(Duration.ofSeconds(2), Duration.ofMillis(2500));
    assertThat(lifetimes.allButOneIn(1000)).isBetween(Duration.ofHours(1), Duration.ofMinutes(75));
  }

  @Test
  void anyTimeIsRoundedUpByAQuarterAtMost() {
    for (long nanos = 1 << 20; nanos < 1L << 51; nanos += nanos / 7) {
      Lifetimes one = new Lifetimes();
      one.add(Duration.ofNanos(nanos));
      assertThat(one.allButOneIn(2).toNanos()).isBetween(nanos, nanos + nanos / 4);
    }
  }

  @Test
  void theShortestAndTheLongestHaveAPlaceToo() {
    Lifetimes lifetimes = new Lifetimes();
    lifetimes.add(Duration.ZERO);
    assertThat(lifetimes.allButOneIn(1000)).isLessThan(Duration.ofMillis(2));
    lifetimes.add(Duration.ofNanos(Long.MAX_VALUE));
    assertThat(lifetimes.allButOneIn(1000)).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
  }

  @Test
  void twoAddUp() {
    Lifetimes some = new Lifetimes();
    some.add(Duration.ofMillis(3));
    Lifetimes more = new Lifetimes();
    more.add(Duration.ofMillis(500));
    more.add(Duration.ofDays(400));
    some.add(more);
    assertThat(some.total()).isEqualTo(3);
    assertThat(some.allButOneIn(3)).isBetween(Duration.ofMillis(500), Duration.ofMillis(625));
    assertThat(some.allButOneIn(100)).isGreaterThanOrEqualTo(Duration.ofDays(400));
  }
}
