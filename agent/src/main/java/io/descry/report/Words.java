package io.descry.report;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * Numbers and times as a person reads them. Written by hand where a short-lived process needs it:
 * the first use of the JDK's formatters takes tens of milliseconds.
 */
final class Words {
  private Words() {}

  static String number(long number) {
    StringBuilder digits = new StringBuilder().append(number);
    int first = number < 0 ? 1 : 0;
    for (int at = digits.length() - 3; at > first; at -= 3) {
      digits.insert(at, ',');
    }
    return digits.toString();
  }

  /** "1 leak", "3 leaks". */
  static String count(long number, String noun) {
    return number(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** Date and time in UTC, to the second, without naming the zone. */
  static String time(Instant time) {
    if (time == null) {
      return "unknown";
    }
    LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
    return utc.toLocalDate()
        + " "
        + twoDigits(utc.getHour())
        + ":"
        + twoDigits(utc.getMinute())
        + ":"
        + twoDigits(utc.getSecond());
  }

  private static String twoDigits(int number) {
    return (number < 10 ? "0" : "") + number;
  }

  /** The text with blanks behind it, at least this wide. */
  static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /** The text with blanks before it, at least this wide. */
  static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - text.length())) + text;
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
