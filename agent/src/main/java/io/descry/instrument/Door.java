package io.descry.instrument;

import java.util.List;

/**
 * One row of the table of doors: a method of the JDK through which a descriptor comes or goes, and
 * what is told to the ledger there.
 *
 * @param type internal name of the class
 * @param method name of the method
 * @param descriptor its descriptor, or how that begins where releases differ in the rest
 * @param when before the method's body, or after it has returned normally
 * @param call method of the ledger that is called
 * @param callDescriptor descriptor of that method
 * @param operands what is passed to it
 */
record Door(
    String type,
    String method,
    String descriptor,
    When when,
    String call,
    String callDescriptor,
    List<Operand> operands) {

  /** Where in the method the ledger is told. */
  enum When {
    /** On entry: a close is recorded before the system call. */
    BEFORE,
    /** On normal return: an open is recorded after the system call, a failed one not at all. */
    AFTER
  }

  /** Whether a method is meant by this row. */
  boolean matches(String name, String actual) {
    return method.equals(name) && actual.startsWith(descriptor);
  }
}
