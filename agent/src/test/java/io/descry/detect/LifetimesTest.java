package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LifetimesTest {
  @Test
  void whatNearlyAllLiveShorterThan() {
    Lifetimes lifetimes = new Lifetimes();
    for (int i = 0; i < 99; i++) {
      lifetimes.add(2);
    }
    lifetimes.add(1000);
    assertThat(lifetimes.total()).isEqualTo(100);
    assertThat(lifetimes.allButOneIn(100)).isEqualTo(3);
    assertThat(lifetimes.allButOneIn(1000)).isEqualTo(1023);
  }

  @Test
  void twoAddUp() {
    Lifetimes some = new Lifetimes();
    some.add(1);
    Lifetimes more = new Lifetimes();
    more.add(5);
    more.add(Integer.MAX_VALUE);
    some.add(more);
    assertThat(some.total()).isEqualTo(3);
    assertThat(some.allButOneIn(2)).isEqualTo(7);
    assertThat(some.allButOneIn(100)).isGreaterThanOrEqualTo(Integer.MAX_VALUE);
  }
}
