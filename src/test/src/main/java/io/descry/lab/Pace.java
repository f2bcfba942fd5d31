package io.descry.lab;

/** Work at a steady pace. */
public final class Pace {
  private Pace() {}

  /** A step, failing as it may. */
  @FunctionalInterface
  public interface Step {
    /** Does it once. */
    void run() throws Exception;
  }

  /** Does the step so many times, one each so many milliseconds. */
  public static void keep(int times, long millis, Step step) throws Exception {
    for (int i = 0; i < times; i++) {
      step.run();
      Thread.sleep(millis);
    }
  }
}
