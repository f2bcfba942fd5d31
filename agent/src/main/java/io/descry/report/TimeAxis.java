package io.descry.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a time axis has marks, and what stands there: at round times of UTC.
 *
 * @param ticks in milliseconds since the epoch
 * @param step between them
 */
record TimeAxis(List<Long> ticks, Duration step) {
  private static final int MOST = 9;

  private static final List<Duration> STEPS =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofHours(1),
          Duration.ofHours(3),
          Duration.ofHours(6),
          Duration.ofHours(12),
          Duration.ofDays(1),
          Duration.ofDays(2),
          Duration.ofDays(7),
          Duration.ofDays(28),
          Duration.ofDays(91));

  /** The marks of a time, a few of them. */
  static TimeAxis of(long from, long to) {
    Duration step = Duration.ofDays(365);
    for (int i = STEPS.size() - 1; i >= 0; i--) {
      if ((to - from) / STEPS.get(i).toMillis() <= MOST) {
        step = STEPS.get(i);
      }
    }
    long millis = Math.max(step.toMillis(), (to - from) / MOST);
    List<Long> ticks = new ArrayList<>();
    for (long tick = (from + millis - 1) / millis * millis; tick <= to; tick += millis) {
      ticks.add(tick);
    }
    return new TimeAxis(List.copyOf(ticks), step);
  }

  /** The time of a mark, as much of it as the step needs. */
  String label(long tick) {
    String time = Words.time(Instant.ofEpochMilli(tick));
    String day = time.substring(5, 10);
    if (step.compareTo(Duration.ofDays(1)) >= 0) {
      return step.compareTo(Duration.ofDays(91)) >= 0 ? time.substring(0, 10) : day;
    }
    if (step.compareTo(Duration.ofMinutes(1)) < 0) {
      return time.substring(11);
    }
    String minute = time.substring(11, 16);
    return step.compareTo(Duration.ofHours(3)) >= 0 && minute.equals("00:00") ? day : minute;
  }
}
