package io.descry.lab;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** What the lab asks of libc, by the lab's own JNA. All answer -1 for an error. */
public final class Libc {
  /** The number of descriptors, getrlimit(2). */
  public static final int RLIMIT_NOFILE = 7;

  /** Size of struct rlimit: two numbers of eight bytes, the soft and the hard limit. */
  public static final int RLIMIT_BYTES = 16;

  static {
    Native.register(Libc.class, "c");
  }

  private Libc() {}

  /** close(2): behind the back of whoever owns the number in Java. */
  public static native int close(int number);

  /** dup(2): the lowest number that is free. */
  public static native int dup(int number);

  /** getrlimit(2). */
  public static native int getrlimit(int resource, Pointer limit);

  /** setrlimit(2). */
  public static native int setrlimit(int resource, Pointer limit);
}
