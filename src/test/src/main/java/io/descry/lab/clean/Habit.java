package io.descry.lab.clean;

/**
 * What a healthy program does again and again. Stepped by one thread, finished by another after the
 * last step.
 */
public interface Habit {
  /** Does it for the {@code i}-th time, from 0. */
  void step(int i) throws Exception;

  /** Between two steps. */
  default long pauseMillis() {
    return 50;
  }

  /** Closes what it still holds. */
  default void finish() throws Exception {}
}
