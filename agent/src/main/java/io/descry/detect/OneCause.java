package io.descry.detect;

import io.descry.reconcile.GroupKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes one finding of those that different rules have on one group. */
final class OneCause {
  private OneCause() {}

  /**
   * The first finding on a group takes in the later ones when it explains the most of them; the
   * collector's always does, for what it has not closed yet it will.
   *
   * @param findings of rules that say more of the cause before those that say less
   */
  static List<Finding> of(List<Finding> findings) {
    Map<GroupKey, List<Finding>> byGroup = new LinkedHashMap<>();
    for (Finding finding : findings) {
      List<Finding> same = byGroup.computeIfAbsent(finding.group(), any -> new ArrayList<>());
      int by = 0;
      while (by < same.size() && !explains(same.get(by), finding)) {
        by++;
      }
      if (by < same.size()) {
        same.set(by, with(same.get(by), finding));
      } else {
        same.add(finding);
      }
    }
    return byGroup.values().stream().flatMap(List::stream).toList();
  }

  private static boolean explains(Finding cause, Finding other) {
    return cause.rule().equals(ClosedByCollector.NAME) || 2 * cause.count() >= other.count();
  }

  private static Finding with(Finding cause, Finding other) {
    boolean surer = other.confidence().compareTo(cause.confidence()) < 0;
    return new Finding(
        cause.id(),
        cause.rule(),
        surer ? other.confidence() : cause.confidence(),
        cause.hazard(),
        cause.group(),
        cause.count(),
        cause.descriptors(),
        evidence(cause, other),
        cause.firstSeen(),
        other.ratePerMinute() > 0 ? other.ratePerMinute() : cause.ratePerMinute(),
        other.exhaustion() != null ? other.exhaustion() : cause.exhaustion(),
        advice(cause, other));
  }

  private static List<Evidence> evidence(Finding cause, Finding other) {
    List<Evidence> all = new ArrayList<>(cause.evidence());
    for (Evidence more : other.evidence()) {
      if (all.stream().noneMatch(one -> one.type().equals(more.type()))) {
        all.add(more);
      }
    }
    return all;
  }

  /** From the other only how to live with it meanwhile: what to do about the cause comes first. */
  private static List<String> advice(Finding cause, Finding other) {
    boolean collected = cause.rule().equals(ClosedByCollector.NAME);
    return Stream.concat(
            cause.advice().stream().limit(collected ? 2 : 1), other.advice().stream().skip(1))
        .distinct()
        .toList();
  }
}
