package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RoundsTest {
  @Test
  void oneAfterTheOther() {
    assertThat(Rounds.even(LongStream.range(10, 22).toArray(), 21, 12)).isTrue();
    assertThat(Rounds.even(LongStream.range(10, 22).toArray(), 21, 13)).isFalse();
  }

  @Test
  void neitherABurstNorWhatHasStoppedNorWhatSlowsDown() {
    assertThat(Rounds.even(new long[0], 5, 0)).isFalse();
    assertThat(Rounds.even(new long[] {7, 7, 7, 7, 7, 7, 8, 9, 10}, 10, 4)).isFalse();
    assertThat(Rounds.even(LongStream.range(10, 22).toArray(), 40, 5)).isFalse();
    assertThat(Rounds.even(new long[] {1, 2, 3, 4, 5, 6, 7, 8, 12, 16}, 16, 5)).isFalse();
  }
}
