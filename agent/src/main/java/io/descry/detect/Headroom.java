package io.descry.detect;

import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What is left until the soft limit, and what that means at a given rate.
 *
 * @param now when the count was taken
 * @param open how many descriptors are open
 * @param limits the limits in force
 */
record Headroom(Instant now, int open, Limits limits) {
  /** Longer than this the rate will not stay the same. */
  private static final Duration HORIZON = Duration.ofDays(3650);

  static Headroom of(Reconciliation facts) {
    return new Headroom(facts.at(), facts.open(), facts.limits());
  }

  /** When the soft limit is reached; {@code null} when it is not or no limit is known. */
  Instant exhaustion(double perSecond) {
    Duration left = until(limits.soft(), perSecond);
    return left == null ? null : now.plus(left);
  }

  /**
   * How to live with the rate until the cause is mended; empty when no end is in sight.
   *
   * @param key what grows at that rate
   */
  List<String> advice(Commands commands, GroupKey key, double perSecond) {
    Duration left = until(limits.soft(), perSecond);
    if (left == null) {
      return List.of();
    }
    boolean spare = limits.hard() > limits.soft() && limits.hard() != Long.MAX_VALUE;
    long soft = spare ? limits.hard() : 2 * limits.soft();
    String raise =
        "Gain time: `%s`%s: %s instead of %s until the limit."
            .formatted(
                commands.raiseLimit(soft, Math.max(soft, limits.hard())),
                limits.hard() >= soft ? "" : " (as root, the hard limit is " + limits.hard() + ")",
                words(until(soft, perSecond)),
                words(left));
    Duration life = Duration.ofMillis((long) (1000 * limits.soft() / perSecond));
    // Windows has one limit, for every process the same, that nothing raises.
    boolean fixed = commands instanceof WindowsCommands;
    String restart =
        "Until it is mended, restart gracefully within %s, and then every %s."
            .formatted(words(left.dividedBy(2)), words(life.dividedBy(2)));
    List<String> advice = new ArrayList<>(fixed ? List.of(restart) : List.of(raise, restart));
    if (key.kind() == Kind.SOCKET_TCP) {
      advice.add(
          "Or admit less of what opens these (a rate limit, fewer instances of it here): at half the rate %s remain."
              .formatted(words(left.multipliedBy(2))));
    } else if (key.owner() == Owner.LIBRARY) {
      advice.add(
          "Or isolate it: what calls %s, in a process of its own, uses up that process's limit only."
              .formatted(key.library().name()));
    }
    return advice;
  }

  private Duration until(long limit, double perSecond) {
    if (!(perSecond > 0) || limit == Limits.UNKNOWN || limit == Long.MAX_VALUE) {
      return null;
    }
    double seconds = Math.max(0, limit - open) / perSecond;
    return seconds > HORIZON.toSeconds() ? null : Duration.ofMillis((long) (1000 * seconds));
  }

  /** A duration in at most two units, {@code 2 h 10 min}. */
  static String words(Duration duration) {
    if (duration == null) {
      return "more than ten years";
    }
    if (duration.toDays() > 0) {
      return duration.toDays() + " d " + duration.toHoursPart() + " h";
    }
    if (duration.toHours() > 0) {
      return duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
    return duration.toMinutes() > 0
        ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
        : duration.toSeconds() + " s";
  }
}
