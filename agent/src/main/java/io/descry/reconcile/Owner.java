package io.descry.reconcile;

/** Who is answerable for a descriptor. The label is what reports and metrics print. */
public enum Owner {
  /** Java code, at a known site. */
  JAVA("java"),
  /** A known shared object. */
  LIBRARY("library"),
  /** HotSpot and the JDK's own files. */
  JVM("jvm"),
  /** Open before the agent was. */
  INHERITED("inherited"),
  /** Descry itself. */
  AGENT("agent"),
  /** Native code, library unknown. */
  FOREIGN("foreign");

  private final String label;

  Owner(String label) {
    this.label = label;
  }

  /** The name in reports, metrics and documentation. */
  public String label() {
    return label;
  }
}
