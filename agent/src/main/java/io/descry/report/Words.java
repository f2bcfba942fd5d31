package io.descry.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and times as a person reads them. */
final class Words {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Words() {}

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** "1 leak", "3 leaks". */
  static String count(long number, String noun) {
    return number(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** Date and time in UTC, to the second, without naming the zone. */
  static String time(Instant time) {
    return time == null ? "unknown" : TIME.format(time);
  }

  /** The two greatest units that matter: "45 s", "7 min", "1 h 12 min", "3 d 4 h". */
  static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 86_400
        ? pair(seconds / 3600, "h", seconds % 3600 / 60, "min")
        : pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
  }

  /** A rise, in the unit that gives a number one can imagine: "14.2 a minute", "3.1 an hour". */
  static String rate(double perMinute) {
    if (perMinute >= 1) {
      return decimal(perMinute) + " a minute";
    }
    double perHour = perMinute * 60;
    return perHour >= 1 ? decimal(perHour) + " an hour" : decimal(perHour * 24) + " a day";
  }

  /** Share of a whole, rounded down, so that 100 % is not said before it is true. */
  static String percent(long part, long whole) {
    return part * 100 / whole + " %";
  }

  private static String pair(long great, String greatUnit, long small, String smallUnit) {
    return great + " " + greatUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, number >= 100 ? "%,.0f" : "%.1f", number);
  }
}
