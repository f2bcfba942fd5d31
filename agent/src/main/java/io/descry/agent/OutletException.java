package io.descry.agent;

/** An outlet could not be made. The message is one line for an operator. */
final class OutletException extends Exception {
  private static final long serialVersionUID = 1;

  OutletException(String message) {
    super(message);
  }
}
