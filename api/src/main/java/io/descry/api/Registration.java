package io.descry.api;

/**
 * A count that Descry is told of, until it is closed. It need not be kept: a registration also ends
 * with its subject.
 */
public interface Registration extends AutoCloseable {
  /**
   * Ends the registration; when it has ended already, does nothing. Safe for several threads. A
   * scan that has begun to ask may still ask once, while this method runs or shortly after it.
   * Throws nothing.
   */
  @Override
  void close();
}
