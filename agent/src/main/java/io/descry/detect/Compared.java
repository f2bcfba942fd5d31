package io.descry.detect;

/**
 * What the application expects beside what is open, at one scan.
 *
 * @param expectation what it expects
 * @param open how many that its description takes in are open
 */
public record Compared(Expectation expectation, int open) {
  /** How many more are open than expected, negative when fewer are; NaN when not known. */
  public double discrepancy() {
    return expectation.count() < 0 ? Double.NaN : open - expectation.count();
  }
}
