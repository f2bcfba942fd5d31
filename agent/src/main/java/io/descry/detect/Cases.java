package io.descry.detect;

import io.descry.reconcile.GroupKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What one rule has seen to happen, by group. A hazard that held once stays, for the damage may
 * have been done; a finding's count is how often it happened.
 */
final class Cases {
  private static final int LISTED = 20;
  private static final int GROUPS = 1000;

  /** What has happened in one group. */
  private static final class Case {
    int count;
    Confidence most = Confidence.SUSPECT;
    final List<Evidence> evidence = new ArrayList<>();
  }

  private final String rule;
  private final Names names;
  private final Map<GroupKey, Case> cases = new LinkedHashMap<>();

  Cases(String rule) {
    this.rule = rule;
    this.names = new Names(rule);
  }

  void add(GroupKey key, Confidence confidence, Evidence evidence) {
    if (cases.size() >= GROUPS && !cases.containsKey(key)) {
      return;
    }
    Case happened = cases.computeIfAbsent(key, any -> new Case());
    happened.count++;
    if (confidence.compareTo(happened.most) < 0) {
      happened.most = confidence;
    }
    if (happened.evidence.size() < LISTED) {
      happened.evidence.add(evidence);
    }
  }

  List<Finding> findings(Scan scan, Function<GroupKey, List<String>> advice) {
    List<Finding> findings = new ArrayList<>();
    cases.forEach(
        (key, happened) -> {
          Names.Name name = names.of(key, scan.at());
          findings.add(
              new Finding(
                  name.id(),
                  rule,
                  happened.most,
                  true,
                  key,
                  happened.count,
                  List.of(),
                  happened.evidence,
                  name.firstSeen(),
                  0,
                  null,
                  advice.apply(key)));
        });
    return findings;
  }
}
