package io.descry.ledger;

/**
 * The stack of an open, not yet symbolised. A throwable's backtrace is the cheapest whole stack
 * that the JVM gives; it pins the classes on it, so whoever reads it replaces it soon by text.
 */
final class OpenStack extends Throwable {
  private static final long serialVersionUID = 1;

  OpenStack() {
    super(null, null, false, true);
  }
}
