package io.descry.os.tracer;

/** What Java asks of the tracer's native half, apart from its region. */
interface TracerCalls {
  /** Looks for objects that were loaded or unloaded, and mends hooks that were overwritten. */
  void refresh();

  /**
   * A Java frame.
   *
   * @param methodId a jmethodID
   * @param bci bytecode index
   * @return its Class, the method's name, the source file or null, and the line as an Integer as
   *     {@link StackTraceElement#getLineNumber} has it, or null; {@code null} when the class is
   *     gone
   */
  Object[] method(long methodId, int bci);

  /** The functions that are hooked, by number. */
  String[] calls();

  /** A symbol as its programmer wrote it; {@code null} when it is not mangled. */
  String demangle(String symbol);

  /** Why stacks have no Java frames, or natives only one; {@code null} when they are whole. */
  String reason();
}
