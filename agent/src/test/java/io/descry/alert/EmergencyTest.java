package io.descry.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EmergencyTest {
  private final AtomicLong failed = new AtomicLong();
  private final AtomicBoolean none = new AtomicBoolean();
  private final List<String> reports = new ArrayList<>();
  private final Deque<Boolean> outcomes = new ArrayDeque<>();
  private double usage = 1;
  private long nanos;

  @Test
  void theFirstCallThatFailsWritesOneReport() {
    Emergency emergency = emergency(true);
    assertThat(look(emergency)).isFalse();
    failed.set(1);
    assertThat(look(emergency)).isTrue();
    failed.set(9);
    assertThat(look(emergency)).isFalse();
    assertThat(reports).containsExactly("-exhaustion");
  }

  @Test
  void whereCallsAreNotSeenThatNoneIsLeftIsEnough() {
    Emergency emergency = emergency(false);
    none.set(true);
    assertThat(look(emergency)).isTrue();
    assertThat(reports).containsExactly("-exhaustion");
  }

  @Test
  void whatCouldNotBeWrittenIsTriedAgainAFewTimes() {
    Emergency emergency = emergency(true);
    outcomes.addAll(List.of(false, true));
    failed.set(1);
    for (int i = 0; i < 5; i++) {
      look(emergency);
    }
    assertThat(reports).containsExactly("-exhaustion", "-exhaustion");

    calm(emergency);
    outcomes.addAll(List.of(false, false, false, false));
    failed.set(2);
    for (int i = 0; i < 9; i++) {
      look(emergency);
    }
    assertThat(reports.subList(2, reports.size()))
        .hasSize(Emergency.TRIES)
        .containsOnly("-exhaustion-2");
  }

  @Test
  void itLooksLessOftenWhereMuchIsFree() {
    Emergency emergency = emergency(true);
    assertThat(emergency.millis()).isEqualTo(Emergency.MILLIS);
    usage = 0.4;
    assertThat(emergency.millis()).isEqualTo(Emergency.CALM_MILLIS);
    usage = Double.NaN;
    assertThat(emergency.millis()).as("unknown").isEqualTo(Emergency.MILLIS);
  }

  @Test
  void oneLookThatTookLongDoesNotPutOffTheNext() {
    assertThat(pause(60_000, 10)).isEqualTo(Emergency.MILLIS);
    assertThat(pause(10, 60_000)).isEqualTo(Emergency.MILLIS);
    assertThat(pause(1_000, 1_200)).as("a thousandth of the time").isEqualTo(1_000);
    assertThat(pause(60_000, 60_000)).as("but not for long").isEqualTo(5_000);
  }

  private static long pause(long tookMicros, long beforeMicros) {
    long took = TimeUnit.MICROSECONDS.toNanos(tookMicros);
    long before = TimeUnit.MICROSECONDS.toNanos(beforeMicros);
    return TimeUnit.NANOSECONDS.toMillis(Emergency.pauseNanos(Emergency.MILLIS, took, before));
  }

  private void calm(Emergency emergency) {
    usage = 0.1;
    look(emergency);
    nanos += Exhaustion.WHILE.toNanos();
    look(emergency);
    usage = 1;
  }

  private boolean look(Emergency emergency) {
    nanos += TimeUnit.MILLISECONDS.toNanos(Emergency.MILLIS);
    return emergency.look(nanos);
  }

  private Emergency emergency(boolean seen) {
    return new Emergency(
        failed::get,
        seen,
        none::get,
        () -> usage,
        suffix -> {
          reports.add(suffix);
          return outcomes.isEmpty() || outcomes.poll();
        });
  }
}
