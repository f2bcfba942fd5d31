package io.descry.metrics;

import io.descry.detect.Finding;
import io.descry.detect.Verdict;
import io.descry.reconcile.Library;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code descry.findings} and {@code descry.findings.descriptors} in one registry. A row lives as
 * long as a finding of its kind does.
 */
final class FindingGauges {
  private static final int MOST_RULES = 64;
  private static final int MOST_LIBRARIES = 64;

  private record Row(String rule, String confidence, String owner, String library) {}

  private record Sum(int findings, int descriptors) {
    Sum plus(Sum other) {
      return new Sum(findings + other.findings, descriptors + other.descriptors);
    }
  }

  private final Rows<Row> findings;
  private final Rows<Row> descriptors;
  private final LabelValue rules = new LabelValue(MOST_RULES);
  private final LabelValue libraries = new LabelValue(MOST_LIBRARIES);
  private volatile Map<Row, Sum> sums = Map.of();

  FindingGauges(Meters meters) {
    findings = new Rows<>(meters, "descry.findings", "Findings that hold");
    descriptors =
        new Rows<>(meters, "descry.findings.descriptors", "Descriptors that findings speak of");
  }

  void refresh(Verdict verdict) {
    Map<Row, Sum> now = new HashMap<>();
    for (Finding finding : verdict.findings()) {
      now.merge(row(finding), new Sum(1, finding.count()), Sum::plus);
    }
    sums = now;
    for (Row row : now.keySet()) {
      findings.show(row, tags(row), () -> of(row).findings());
      descriptors.show(row, tags(row), () -> of(row).descriptors());
    }
    findings.keepOnly(now.keySet());
    descriptors.keepOnly(now.keySet());
  }

  private Sum of(Row row) {
    return sums.getOrDefault(row, new Sum(0, 0));
  }

  private Row row(Finding finding) {
    Library library = finding.group().library();
    return new Row(
        rules.of(finding.rule()),
        finding.confidence().label(),
        finding.group().owner().label(),
        libraries.of(library == null ? null : library.name()));
  }

  private static List<String> tags(Row row) {
    return List.of(
        "rule",
        row.rule(),
        "confidence",
        row.confidence(),
        "owner",
        row.owner(),
        "library",
        row.library());
  }
}
