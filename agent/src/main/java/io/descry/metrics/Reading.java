package io.descry.metrics;

import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/**
 * A value as Micrometer asks for it: by a function of an object. Micrometer holds such functions
 * strongly and their objects weakly, in all of its releases, so this is the function and ignores
 * its object. Safe for several threads.
 */
public final class Reading implements ToDoubleFunction<Object> {
  /** Only kept. */
  @SuppressWarnings("unused")
  private final Object kept;

  private final DoubleSupplier value;
  private volatile double last;

  /**
   * A reading.
   *
   * @param kept lives for as long as this does
   * @param unread what is shown when the value was never read without a failure
   */
  public Reading(Object kept, DoubleSupplier value, double unread) {
    this.kept = kept;
    this.value = value;
    this.last = unread;
  }

  @Override
  public double applyAsDouble(Object ignored) {
    try {
      last = value.getAsDouble();
    } catch (Throwable t) {
      // Read by the application's threads: out of memory or of stack is theirs to meet elsewhere.
      return last;
    }
    return last;
  }
}
