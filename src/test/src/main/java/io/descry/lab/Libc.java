package io.descry.lab;

import com.sun.jna.Native;

/** What the lab asks of libc, by the lab's own JNA. */
public final class Libc {
  static {
    Native.register(Libc.class, "c");
  }

  private Libc() {}

  /** close(2): behind the back of whoever owns the number in Java. */
  public static native int close(int number);
}
