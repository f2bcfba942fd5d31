package io.descry.lab.corpus;

import com.sun.jna.Memory;
import io.descry.lab.Libc;

/**
 * A process that can open nothing more: its soft limit is just above what is open, and open(2),
 * socket(2) and accept(2) fail with EMFILE. Unless another thread closes something meanwhile and so
 * makes room: who asks for a failure must be ready for there being none.
 */
final class NoNumbers {
  private NoNumbers() {}

  /** What is tried. */
  @FunctionalInterface
  interface Call<T, E extends Exception> {
    T call() throws E;
  }

  /** What a call answers while there is no number; then the limit is again what it was. */
  static <T, E extends Exception> T during(Call<T, E> call) throws E {
    // All numbers below the lowest free one are taken, and this is that.
    int last = check(Libc.dup(0));
    Memory before = new Memory(Libc.RLIMIT_BYTES);
    check(Libc.getrlimit(Libc.RLIMIT_NOFILE, before));
    Memory lowered = new Memory(Libc.RLIMIT_BYTES);
    lowered.setLong(0, last + 1L);
    lowered.setLong(Long.BYTES, before.getLong(Long.BYTES));
    check(Libc.setrlimit(Libc.RLIMIT_NOFILE, lowered));
    try {
      return call.call();
    } finally {
      check(Libc.setrlimit(Libc.RLIMIT_NOFILE, before));
      check(Libc.close(last));
    }
  }

  private static int check(int result) {
    if (result < 0) {
      throw new IllegalStateException("libc refuses");
    }
    return result;
  }
}
