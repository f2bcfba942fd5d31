package io.descry.alert;

/** A page by which a balancer knows whether to send requests here. */
public interface Drained {
  /** Where it is. */
  String url();

  /** From now on it says that nothing more is to be sent here. Safe for several threads. */
  void drain();
}
