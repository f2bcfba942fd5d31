package io.descry.owner.fake.sqlite.core;

/** A class with a handle's name and none of its methods. */
public class DB {
  /** Not what a module looks for. */
  public String unlock(String secret) {
    return secret;
  }
}
