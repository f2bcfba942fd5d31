package io.descry.detect;

/** How sure a finding is. The label is what reports and metrics print. */
public enum Confidence {
  /** Never wrong. */
  CERTAIN("certain"),
  /** Statistics or strong signs; no harmless program is known that shows them. */
  PROBABLE("probable"),
  /** Worth a look. */
  SUSPECT("suspect");

  private final String label;

  Confidence(String label) {
    this.label = label;
  }

  /** The name in reports, metrics and documentation. */
  public String label() {
    return label;
  }
}
