package io.descry.alert;

import io.descry.detect.Confidence;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * When alerts are raised, and what is done then.
 *
 * @param actions what is done; empty: alerts are off
 * @param usage share of the limit, 0 to 1, from which on usage alerts; NaN: never
 * @param growth descriptors a minute from which on growth alerts; NaN: never
 * @param exhaustion how long before the limit is reached; {@code null}: never
 * @param findings how sure a finding must be; {@code null}: none alerts
 * @param command program and arguments; empty without {@link Action#COMMAND}
 * @param webhook where to post; {@code null} without {@link Action#WEBHOOK}
 */
public record AlertSettings(
    Set<Action> actions,
    double usage,
    double growth,
    Duration exhaustion,
    Confidence findings,
    List<String> command,
    URI webhook) {
  /** What may be done, in the order in which it is. */
  public enum Action {
    LOG,
    REPORT,
    JFR,
    RAISE,
    COMMAND,
    WEBHOOK,
    RESTART;

    /** As options name it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String OFF = "off";

  public AlertSettings {
    command = List.copyOf(command);
  }

  /**
   * Reads them.
   *
   * @param texts the options that were given, by key
   * @param durations reads a duration; throws when it is none
   * @param problems gets one line for each that cannot be used
   */
  public static AlertSettings read(
      Map<String, String> texts, Function<String, Duration> durations, List<String> problems) {
    return new Reading(texts, problems).settings(durations);
  }

  /** Reads a percentage as a share; NaN for off; throws when it is neither. */
  static double percentage(String text) {
    if (text.equals(OFF)) {
      return Double.NaN;
    }
    int percent =
        Integer.parseInt(text.endsWith("%") ? text.substring(0, text.length() - 1) : text);
    if (percent < 1 || percent > 100) {
      throw new IllegalArgumentException(text);
    }
    return percent / 100.0;
  }

  /** The duration, unless that is none; throws then. */
  static Duration nonZero(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(duration.toString());
    }
    return duration;
  }

  private record Reading(Map<String, String> texts, List<String> problems) {
    AlertSettings settings(Function<String, Duration> durations) {
      Set<Action> actions = actions();
      List<String> command = command(actions);
      URI webhook = webhook(actions);
      if (actions.isEmpty() && texts.keySet().stream().anyMatch(key -> key.startsWith("alert."))) {
        problems.add("option alert names nothing to do; the other alert options are ignored");
      }
      return new AlertSettings(
          actions,
          value(
              "alert.usage",
              "80%",
              "a percentage from 1% to 100%, or off",
              AlertSettings::percentage),
          value("alert.growth", OFF, "a number of descriptors a minute, or off", Reading::positive),
          value(
              "alert.exhaustion",
              "1h",
              "a duration such as 30m or 1h, or off",
              text -> text.equals(OFF) ? null : nonZero(durations.apply(text))),
          value(
              "alert.findings",
              "probable",
              "certain, probable, suspect or off",
              text -> text.equals(OFF) ? null : Confidence.valueOf(text.toUpperCase(Locale.ROOT))),
          command,
          webhook);
    }

    private Set<Action> actions() {
      Set<Action> actions = EnumSet.noneOf(Action.class);
      for (String name : texts.getOrDefault("alert", "").split("\\+")) {
        String wanted = name.strip();
        if (wanted.isEmpty() || wanted.equals(OFF)) {
          continue;
        }
        try {
          actions.add(Action.valueOf(wanted.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
          problems.add(
              "option alert: there is no '"
                  + wanted
                  + "'; it is left out. Joined by +, there are "
                  + Arrays.stream(Action.values())
                      .map(Action::label)
                      .collect(Collectors.joining(", ")));
        }
      }
      return actions;
    }

    private List<String> command(Set<Action> actions) {
      List<String> words = List.of(texts.getOrDefault("alert.command", "").split("\\+", -1));
      boolean named = !words.get(0).isBlank();
      if (actions.contains(Action.COMMAND) && !named) {
        actions.remove(Action.COMMAND);
        problems.add("alert=command needs alert.command=PROGRAM+ARGUMENT...; no command is run");
      }
      unused("alert.command", named && !actions.isEmpty(), Action.COMMAND, actions);
      return actions.contains(Action.COMMAND) ? words : List.of();
    }

    private URI webhook(Set<Action> actions) {
      String text = texts.getOrDefault("alert.webhook", "");
      URI address = null;
      if (actions.contains(Action.WEBHOOK)) {
        try {
          address = address(text);
        } catch (IllegalArgumentException e) {
          actions.remove(Action.WEBHOOK);
          // Without its text, which holds the receiver's secret as often as not.
          problems.add(
              "alert=webhook needs alert.webhook=URL, http or https with a host and no user in it;"
                  + " nothing is posted");
        }
      }
      unused("alert.webhook", !text.isEmpty() && !actions.isEmpty(), Action.WEBHOOK, actions);
      return address;
    }

    private void unused(String key, boolean given, Action action, Set<Action> actions) {
      List<String> wanted = List.of(texts.getOrDefault("alert", "").split("\\+"));
      if (given && !actions.contains(action) && !wanted.contains(action.label())) {
        problems.add("option " + key + " does nothing, for alert does not name " + action.label());
      }
    }

    private static URI address(String text) {
      URI address = URI.create(text);
      boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      if (!web || address.getHost() == null || address.getUserInfo() != null) {
        throw new IllegalArgumentException(text);
      }
      return address;
    }

    private <T> T value(String key, String usual, String allowed, Function<String, T> reader) {
      String text = texts.get(key);
      if (text != null) {
        try {
          return reader.apply(text);
        } catch (RuntimeException e) {
          problems.add("option " + key + "=" + text + " is not " + allowed + "; using " + usual);
        }
      }
      return reader.apply(usual);
    }

    private static double positive(String text) {
      if (text.equals(OFF)) {
        return Double.NaN;
      }
      double number = Double.parseDouble(text);
      if (!(number > 0) || Double.isInfinite(number)) {
        throw new IllegalArgumentException(text);
      }
      return number;
    }
  }
}
