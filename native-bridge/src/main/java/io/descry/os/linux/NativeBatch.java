package io.descry.os.linux;

/**
 * System calls for many descriptors by one call of Java's. The methods are in the tracer's library
 * ({@code src/main/c/inspect.c}) and may be called once {@link #isThere} says so; {@link
 * DescriptorBatch} says what they answer.
 */
public final class NativeBatch {
  private static volatile boolean there;

  private NativeBatch() {}

  /** To be called when the tracer's library has been loaded. */
  public static void loaded() {
    there = true;
  }

  static boolean isThere() {
    return there;
  }

  /**
   * {@link DescriptorBatch#statuses}, into records at that address; below 0: the error, negated.
   */
  static native int statuses(int directory, int from, long records, int capacity);

  /** {@link DescriptorBatch#glance}, at the questions at that address. */
  static native void glances(int directory, long questions, int count);
}
