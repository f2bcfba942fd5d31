package io.descry.alert;

import io.descry.detect.Confidence;
import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.os.Kind;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What scans may say. */
final class Samples {
  static final Instant AT = Instant.parse("2026-11-23T03:14:05Z");

  private Samples() {}

  /** Of a limit of 1,000. */
  static Figures open(int open) {
    return new Figures(AT, open, 1000, 0, null);
  }

  static Figures growing(double perMinute) {
    return new Figures(AT, 100, 1000, perMinute, null);
  }

  static Figures ending(Duration left) {
    return new Figures(AT, 100, 1000, 1, left == null ? null : AT.plus(left));
  }

  static Finding finding(String id, Confidence confidence, String library, String evidence) {
    return new Finding(
        id,
        "growth",
        confidence,
        false,
        new GroupKey(Owner.LIBRARY, new Library(library, null, null), Kind.EVENTFD, Site.UNKNOWN),
        7,
        List.of(),
        List.of(new Evidence("growth", evidence, "ls")),
        AT,
        1,
        null,
        List.of());
  }

  static Finding finding(String id, Confidence confidence) {
    return finding(id, confidence, "libuv", "they add up");
  }

  /** As the options say; those that are not given have their defaults. */
  static AlertSettings settings(Map<String, String> texts) {
    List<String> problems = new ArrayList<>();
    AlertSettings settings =
        AlertSettings.read(texts, text -> Duration.parse("PT" + text), problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.toString());
    }
    return settings;
  }

  /** An alert on a finding whose library has this name. */
  static Alert alert(String library) {
    AlertedFinding finding =
        AlertedFinding.of(finding("growth-3", Confidence.PROBABLE, library, library + " adds up"));
    return new Alert(
        "finding-growth-3",
        AlertKind.FINDING,
        true,
        AlertText.of(finding, true),
        new Figures(AT, 840, 1000, 12.34567, AT.plusSeconds(778)),
        List.of(finding),
        null);
  }
}
