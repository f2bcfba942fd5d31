package io.descry.alert;

import io.descry.detect.Confidence;
import io.descry.detect.Finding;
import io.descry.detect.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * When a process is said to be unhealthy.
 *
 * @param usage share of the limit, 0 to 1, from which on it is; NaN: never
 * @param exhaustion how long before the limit is reached; {@code null}: never
 * @param findings how sure a finding must be that is no hazard; {@code null}: none counts
 */
public record Unhealthy(double usage, Duration exhaustion, Confidence findings) {
  /** Never. */
  public static final Unhealthy NEVER = new Unhealthy(Double.NaN, null, null);

  /**
   * Reads a list such as {@code usage:90%+exhaustion:10m+findings:certain}.
   *
   * @param durations reads a duration; throws when it is none
   * @param problems gets one line for each condition that cannot be used; it is left out
   */
  public static Unhealthy read(
      String text, Function<String, Duration> durations, List<String> problems) {
    Unhealthy read = NEVER;
    for (String condition : text.split("\\+")) {
      if (!condition.isBlank() && !condition.strip().equals("off")) {
        try {
          read = read.with(condition.strip(), durations);
        } catch (RuntimeException e) {
          problems.add(
              "option http.unhealthy: '"
                  + condition.strip()
                  + "' is not usage:1% to 100%, exhaustion:DURATION or findings: with certain,"
                  + " probable or suspect; it is left out");
        }
      }
    }
    return read;
  }

  private Unhealthy with(String condition, Function<String, Duration> durations) {
    int colon = condition.indexOf(':');
    String value = condition.substring(colon + 1);
    return switch (condition.substring(0, colon)) {
      case "usage" -> new Unhealthy(AlertSettings.percentage(value), exhaustion, findings);
      case "exhaustion" ->
          new Unhealthy(usage, AlertSettings.nonZero(durations.apply(value)), findings);
      case "findings" ->
          new Unhealthy(usage, exhaustion, Confidence.valueOf(value.toUpperCase(Locale.ROOT)));
      default -> throw new IllegalArgumentException(condition);
    };
  }

  /** Why this process is unhealthy, in words that say nothing of what it has open; else empty. */
  public String reason(Figures figures, Verdict verdict) {
    if (figures.usage() >= usage) {
      return (int) (figures.usage() * 100) + " % of the limit of descriptors is in use";
    }
    Duration left = figures.left();
    if (exhaustion != null && left != null && left.compareTo(exhaustion) <= 0) {
      return "the limit of descriptors is reached in " + left.toSeconds() + " s";
    }
    if (findings != null) {
      for (Finding finding : verdict.findings()) {
        // Declared from certain to suspect.
        if (!finding.hazard() && finding.confidence().compareTo(findings) <= 0) {
          return "a leak of descriptors is " + finding.confidence().label();
        }
      }
    }
    return "";
  }
}
