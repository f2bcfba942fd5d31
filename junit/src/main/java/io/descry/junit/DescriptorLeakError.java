package io.descry.junit;

/** A test, or the tests of a class, left descriptors open. The message says which, and whose. */
public final class DescriptorLeakError extends AssertionError {
  private static final long serialVersionUID = 1;

  DescriptorLeakError(String message) {
    super(message);
  }
}
