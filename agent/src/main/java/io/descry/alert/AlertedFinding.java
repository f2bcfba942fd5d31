package io.descry.alert;

import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.reconcile.Library;
import java.util.List;

/**
 * What an alert says of a finding. Unlike the finding it holds on to no descriptor. Library and
 * evidence are text from outside: to be escaped wherever it goes.
 *
 * @param library {@code null} when the owner is no library
 * @param evidence the facts, in words; never empty
 */
public record AlertedFinding(
    String id,
    String rule,
    String confidence,
    boolean hazard,
    String owner,
    String library,
    String kind,
    int count,
    List<String> evidence) {
  public AlertedFinding {
    evidence = List.copyOf(evidence);
  }

  static AlertedFinding of(Finding finding) {
    Library library = finding.group().library();
    return new AlertedFinding(
        finding.id(),
        finding.rule(),
        finding.confidence().label(),
        finding.hazard(),
        finding.group().owner().label(),
        library == null ? null : library.name(),
        finding.group().kind().label(),
        finding.count(),
        finding.evidence().stream().map(Evidence::text).toList());
  }
}
