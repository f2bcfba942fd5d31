package io.descry.lab;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;

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

  /** dup2(2). */
  public static native int dup2(int from, int to);

  /** eventfd(2). */
  public static native int eventfd(int count, int flags);

  /** read(2). */
  public static native long read(int number, byte[] buffer, long size);

  /** write(2). */
  public static native long write(int number, byte[] buffer, long size);

  /** poll(2); the memory has {@code count} struct pollfd. */
  public static native int poll(Pointer polled, long count, int timeout);

  /** select(2); each set may be {@code null}, and so may the time. */
  public static native int select(
      int beyond, Pointer readable, Pointer writable, Pointer exceptional, Pointer time);

  private static native int posix_spawnp(
      int[] pid, String file, Pointer actions, Pointer attributes, Pointer argv, Pointer envp);

  /**
   * Starts a child as native code does, which hands down what has no close-on-exec.
   *
   * @return its process id
   */
  public static int spawn(String... command) {
    int[] pid = new int[1];
    int error = posix_spawnp(pid, command[0], null, null, new StringArray(command), null);
    if (error != 0) {
      throw new IllegalStateException("not started: " + error);
    }
    return pid[0];
  }
}
