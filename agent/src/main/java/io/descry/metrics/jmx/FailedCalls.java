package io.descry.metrics.jmx;

/** Calls that failed in the same way. No record: JDK 17 and 21 see those differently. */
public final class FailedCalls {
  private final String library;
  private final String operation;
  private final String errno;
  private final long count;

  FailedCalls(String library, String operation, String errno, long count) {
    this.library = library;
    this.operation = operation;
    this.errno = errno;
    this.count = count;
  }

  /** The shared object that called; {@code descry} for Descry's own calls. */
  public String getLibrary() {
    return library;
  }

  /** What was called. */
  public String getOperation() {
    return operation;
  }

  /** Name of the error. */
  public String getErrno() {
    return errno;
  }

  /** How often. */
  public long getCount() {
    return count;
  }
}
