package io.descry.lab.corpus;

import java.util.Map;

/** A program that leaks once in each step, in a method {@code leak} of its own class. */
abstract class LeakEachStep implements Program {
  private final Map<String, Integer> kinds;

  /** Each leak opens one of this kind. */
  LeakEachStep(String kind) {
    this(Map.of(kind, 1));
  }

  /** Each leak opens so many of each kind. */
  LeakEachStep(Map<String, Integer> kinds) {
    this.kinds = kinds;
  }

  @Override
  public Truth truth() {
    String name = getClass().getName();
    return Truth.of(
        Cause.java(name.substring(name.lastIndexOf('.') + 1) + ".leak", kinds).that(fate()));
  }

  /** What becomes of what it leaks. */
  Cause.Fate fate() {
    return Cause.Fate.OPEN;
  }

  /** Opens and does not close. */
  abstract void leak(Stage stage) throws Exception;

  @Override
  public void step(Stage stage, int i) throws Exception {
    leak(stage);
    stage.leaked();
  }

  /** As a busy service that keeps what it opens. */
  abstract static class Busy extends LeakEachStep {
    Busy(String kind) {
      super(kind);
    }

    @Override
    public final long pauseMillis() {
      return BUSY;
    }
  }

  /** Nobody keeps what was opened, and the collector runs now and then. */
  abstract static class Dropped extends LeakEachStep {
    private static final int STEPS = 20;

    Dropped(Map<String, Integer> kinds) {
      super(kinds);
    }

    @Override
    public final void step(Stage stage, int i) throws Exception {
      super.step(stage, i);
      if (i % STEPS == STEPS - 1) {
        System.gc();
      }
    }

    @Override
    public final int seconds() {
      return 20;
    }
  }
}
