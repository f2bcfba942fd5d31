package io.descry.alert;

/** What an alert is about. The label is what metrics, logs and webhooks print. */
public enum AlertKind {
  /** The share of the limit that is in use. */
  USAGE("usage"),
  /** How fast the number of open descriptors rises. */
  GROWTH("growth"),
  /** How long it takes until the limit is reached. */
  EXHAUSTION("exhaustion"),
  /** One finding. */
  FINDING("finding");

  private final String label;

  AlertKind(String label) {
    this.label = label;
  }

  /** The name in metrics, logs, webhooks and documentation. */
  public String label() {
    return label;
  }
}
