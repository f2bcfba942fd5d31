package io.descry.alert;

/**
 * One problem, which alerts once: it is raised as soon as it holds, and cleared when it has clearly
 * been over for {@value #CALM} scans without a break. What lies between changes nothing.
 */
final class Latch {
  static final int CALM = 10;

  private boolean raised;
  private int calm;

  /**
   * Takes over what a scan says.
   *
   * @param holds whether the problem is there
   * @param over whether it is clearly not
   * @return whether {@link #raised} has changed
   */
  boolean update(boolean holds, boolean over) {
    if (!raised) {
      raised = holds;
      calm = 0;
      return holds;
    }
    calm = over ? calm + 1 : 0;
    raised = calm < CALM;
    return !raised;
  }

  boolean raised() {
    return raised;
  }
}
