package io.descry.detect;

import java.time.Instant;
import java.util.List;

/**
 * What the rules say after a scan.
 *
 * @param findings those that hold now, or are hazards that held once; most certain first
 * @param growthPerSecond trend of all open descriptors, per second; 0 when there is none
 * @param exhaustion when the soft limit is reached at that trend; {@code null} when it is not
 * @param resolved what was suspected and is no more, the latest last; bounded
 */
public record Verdict(
    List<Finding> findings, double growthPerSecond, Instant exhaustion, List<Resolved> resolved) {
  /** Nothing found. */
  public static final Verdict NONE = new Verdict(List.of(), 0, null);

  public Verdict {
    findings = List.copyOf(findings);
    resolved = List.copyOf(resolved);
  }

  /** A verdict with nothing resolved. */
  public Verdict(List<Finding> findings, double growthPerSecond, Instant exhaustion) {
    this(findings, growthPerSecond, exhaustion, List.of());
  }
}
