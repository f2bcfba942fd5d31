package io.descry.os;

/** A fact that the system states, denies, or does not tell. */
public enum Answer {
  YES,
  NO,
  UNKNOWN;

  /** {@link #YES} or {@link #NO}. */
  public static Answer of(boolean fact) {
    return fact ? YES : NO;
  }
}
