package io.descry.alert;

import io.descry.http.ListenAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How a restart goes.
 *
 * @param health where the health page is served; {@code null}: nowhere
 * @param hook program and arguments that drain; empty: none
 * @param drain how long to wait for the last requests
 * @param jitter at most how long to wait before all that
 * @param period how old the JVM must be
 */
public record RestartSettings(
    ListenAddress health, List<String> hook, Duration drain, Duration jitter, Duration period) {
  private static final Duration LONGEST_DRAIN = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(30);

  public RestartSettings {
    hook = List.copyOf(hook);
  }

  /** Whether the options ask for restarts. */
  public static boolean isAsked(Map<String, String> texts) {
    return List.of(texts.getOrDefault("alert", "").split("\\+")).stream()
        .anyMatch(action -> action.strip().equalsIgnoreCase(Restart.NAME));
  }

  /**
   * Reads them.
   *
   * @param texts the options that were given, by key
   * @param durations reads a duration; throws when it is none
   * @param problems gets one line for each that cannot be used
   */
  public static RestartSettings read(
      Map<String, String> texts, Function<String, Duration> durations, List<String> problems) {
    return new Reading(texts, durations, problems).settings();
  }

  private record Reading(
      Map<String, String> texts, Function<String, Duration> durations, List<String> problems) {
    RestartSettings settings() {
      return new RestartSettings(
          health(),
          hook(),
          duration("restart.drain", "30s", LONGEST_DRAIN),
          duration("restart.jitter", "5m", LONGEST),
          duration("restart.period", "6h", LONGEST));
    }

    private ListenAddress health() {
      String text = texts.getOrDefault("restart.health", "");
      if (text.isEmpty() || text.equals("off")) {
        return null;
      }
      try {
        return ListenAddress.parse(text);
      } catch (IllegalArgumentException e) {
        problems.add("option restart.health: " + e.getMessage() + "; there is no health page");
        return null;
      }
    }

    private List<String> hook() {
      String text = texts.getOrDefault("restart.hook", "");
      if (text.isEmpty()) {
        return List.of();
      }
      List<String> words = List.of(text.split("\\+", -1));
      if (words.get(0).isBlank()) {
        problems.add("option restart.hook=" + text + " is not PROGRAM+ARGUMENT...; no hook is run");
        return List.of();
      }
      return words;
    }

    private Duration duration(String key, String usual, Duration longest) {
      String text = texts.get(key);
      if (text != null) {
        try {
          Duration duration = durations.apply(text);
          if (!duration.isNegative() && duration.compareTo(longest) <= 0) {
            return duration;
          }
        } catch (RuntimeException e) {
          // As one that is too long: the problem below says what is allowed.
        }
        problems.add(
            "option "
                + key
                + "="
                + text
                + " is not a duration from 0s to "
                + longest.toHours()
                + "h; using "
                + usual);
      }
      return durations.apply(usual);
    }
  }
}
