package io.descry.metrics.jmx;

import io.descry.detect.Compared;

/** What the application expects under one name, beside what is open. */
public final class ExpectedHandles {
  private final Compared compared;

  ExpectedHandles(Compared compared) {
    this.compared = compared;
  }

  /** What the application registered it as. */
  public String getName() {
    return Shown.text(compared.expectation().name());
  }

  /** How many it says it holds; -1 when it did not say this time. */
  public int getExpected() {
    return compared.expectation().count();
  }

  /** How many are open. */
  public int getOpen() {
    return compared.open();
  }
}
