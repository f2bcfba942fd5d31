package io.descry.alert;

import io.descry.detect.Verdict;
import io.descry.os.Limits;
import io.descry.reconcile.Reconciliation;
import java.time.Duration;
import java.time.Instant;

/**
 * What a scan saw, in numbers.
 *
 * @param at when the scan was made
 * @param open how many descriptors were open, less Descry's own
 * @param limit the soft limit; {@link Limits#UNKNOWN} or {@link Long#MAX_VALUE} when there is none
 * @param growthPerMinute the trend of the open ones; 0 when there is none
 * @param exhaustion when the limit is reached at that trend; {@code null} when it is not
 */
public record Figures(
    Instant at, int open, long limit, double growthPerMinute, Instant exhaustion) {
  private static final int SECONDS_PER_MINUTE = 60;

  /** What this scan saw. */
  public static Figures of(Reconciliation facts, Verdict verdict) {
    return new Figures(
        facts.at(),
        facts.open(),
        facts.limits().soft(),
        verdict.growthPerSecond() * SECONDS_PER_MINUTE,
        verdict.exhaustion());
  }

  /** Whether there is a limit that can be reached. */
  public boolean limited() {
    return limit != Limits.UNKNOWN && limit != Long.MAX_VALUE && limit > 0;
  }

  /** The share of the limit that is in use; 0 when there is no limit. */
  public double usage() {
    return limited() ? (double) open / limit : 0;
  }

  /** What is left until exhaustion, never negative; {@code null} when no end is in sight. */
  public Duration left() {
    if (exhaustion == null) {
      return null;
    }
    Duration left = Duration.between(at, exhaustion);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
