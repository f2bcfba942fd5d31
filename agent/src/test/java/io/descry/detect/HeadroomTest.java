package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.reconcile.GroupKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeadroomTest {
  private static final GroupKey FILES = World.file("read");
  private static final Commands COMMANDS = Commands.of(42);

  @Test
  void noEndWithoutARateOrALimit() {
    Limits limits = new Limits(1000, 1000);
    assertThat(new Headroom(World.START, 10, limits).exhaustion(0)).isNull();
    assertThat(new Headroom(World.START, 10, limits).exhaustion(Double.NaN)).isNull();
    assertThat(new Headroom(World.START, 10, limits).exhaustion(1e-9)).isNull();
    Limits unknown = new Limits(Limits.UNKNOWN, Limits.UNKNOWN);
    assertThat(new Headroom(World.START, 10, unknown).exhaustion(1)).isNull();
    assertThat(new Headroom(World.START, 10, unknown).advice(COMMANDS, FILES, 1)).isEmpty();
    Limits none = new Limits(Long.MAX_VALUE, Long.MAX_VALUE);
    assertThat(new Headroom(World.START, 10, none).exhaustion(1)).isNull();
  }

  @Test
  void whatIsLeftAtTheRate() {
    Headroom headroom = new Headroom(World.START, 400, new Limits(1000, 4000));
    assertThat(headroom.exhaustion(0.5)).isEqualTo(World.START.plusSeconds(1200));
    assertThat(headroom.advice(COMMANDS, FILES, 0.5))
        .containsExactly(
            "Gain time: `prlimit --pid 42 --nofile=4000:4000`: 2 h 0 min instead of 20 min 0 s until"
                + " the limit.",
            "Until it is mended, restart gracefully within 10 min 0 s, and then every 16 min 40 s.");
  }

  @Test
  void lessOfItOrElsewhere() {
    Headroom headroom = new Headroom(World.START, 400, new Limits(1000, 4000));
    assertThat(headroom.advice(COMMANDS, World.java(Kind.SOCKET_TCP, "ask"), 0.5).get(2))
        .endsWith("at half the rate 40 min 0 s remain.");
    assertThat(headroom.advice(COMMANDS, World.netty(Kind.EVENTPOLL), 0.5).get(2))
        .contains("what calls netty-transport-native-epoll, in a process of its own");
  }

  @Test
  void atTheLimitTheEndIsNow() {
    Headroom headroom = new Headroom(World.START, 1000, new Limits(1000, 1000));
    assertThat(headroom.exhaustion(1)).isEqualTo(World.START);
    assertThat(headroom.advice(COMMANDS, FILES, 1).get(0))
        .contains("--nofile=2000:2000` (as root, the hard limit is 1000)");
  }

  @Test
  void aHardLimitThatIsNone() {
    Headroom headroom = new Headroom(World.START, 0, new Limits(1000, Long.MAX_VALUE));
    assertThat(headroom.advice(COMMANDS, FILES, 1).get(0)).contains("--nofile=2000:unlimited`:");
  }

  @Test
  void wordsInTwoUnits() {
    assertThat(Headroom.words(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(Headroom.words(Duration.ofSeconds(61))).isEqualTo("1 min 1 s");
    assertThat(Headroom.words(Duration.ofHours(49))).isEqualTo("2 d 1 h");
  }
}
