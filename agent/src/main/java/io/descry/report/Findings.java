package io.descry.report;

import io.descry.detect.Finding;
import io.descry.detect.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * What was found, as reports set it apart; each in the order of the verdict.
 *
 * @param leaks of descriptors that stay open
 * @param forgotten of those that the garbage collector closed, which hold no descriptor
 * @param hazards no leaks, but bugs
 */
record Findings(List<Finding> leaks, List<Finding> forgotten, List<Finding> hazards) {

  static Findings of(Verdict verdict) {
    List<Finding> leaks = new ArrayList<>();
    List<Finding> forgotten = new ArrayList<>();
    List<Finding> hazards = new ArrayList<>();
    for (Finding finding : verdict.findings()) {
      (finding.hazard() ? hazards : isForgotten(finding) ? forgotten : leaks).add(finding);
    }
    return new Findings(leaks, forgotten, hazards);
  }

  private static boolean isForgotten(Finding finding) {
    return finding.rule().equals(FindingText.CLOSED_BY_COLLECTOR);
  }
}
