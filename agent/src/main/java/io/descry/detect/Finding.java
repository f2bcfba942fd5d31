package io.descry.detect;

import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Instant;
import java.util.List;

/**
 * A verdict on a group.
 *
 * @param id stable name of this finding within the process's life, such as {@code growth-3}
 * @param rule which rule found it
 * @param confidence how sure it is
 * @param hazard whether it is no leak but a bug
 * @param group owner, library, kind and site
 * @param count how many descriptors it speaks of
 * @param descriptors those of them that are open, oldest first; empty for what is closed already
 * @param evidence the facts; never empty
 * @param firstSeen when the verdict first held
 * @param ratePerMinute how fast the count rises; 0 when it does not, NaN when unknown
 * @param exhaustion when the soft limit is reached at this rate; {@code null} when it is not
 * @param advice what to do, most useful first
 */
public record Finding(
    String id,
    String rule,
    Confidence confidence,
    boolean hazard,
    GroupKey group,
    int count,
    List<OwnedDescriptor> descriptors,
    List<Evidence> evidence,
    Instant firstSeen,
    double ratePerMinute,
    Instant exhaustion,
    List<String> advice) {
  public Finding {
    descriptors = List.copyOf(descriptors);
    evidence = List.copyOf(evidence);
    advice = List.copyOf(advice);
  }
}
