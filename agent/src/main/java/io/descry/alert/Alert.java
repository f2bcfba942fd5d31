package io.descry.alert;

import java.nio.file.Path;
import java.util.List;

/**
 * A condition that began to hold, or that has ended.
 *
 * @param name what alerts, of letters, digits and hyphens: the label of the kind, for a finding
 *     with its id, such as {@code usage} or {@code finding-growth-3}
 * @param kind what it is about
 * @param raised whether it began; false when it has ended
 * @param text one line for an operator, with nothing in it that does not show as itself
 * @param figures what the scan saw
 * @param findings the finding that it is about, or those that hold, most certain first; bounded
 * @param report the report that was written because of it; {@code null} when none was
 */
public record Alert(
    String name,
    AlertKind kind,
    boolean raised,
    String text,
    Figures figures,
    List<AlertedFinding> findings,
    Path report) {
  public Alert {
    findings = List.copyOf(findings);
  }

  /** The same, with a report. */
  Alert with(Path written) {
    return new Alert(name, kind, raised, text, figures, findings, written);
  }

  /** {@code raised} or {@code cleared}. */
  public String state() {
    return raised ? "raised" : "cleared";
  }
}
