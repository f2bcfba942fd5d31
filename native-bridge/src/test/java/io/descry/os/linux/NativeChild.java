package io.descry.os.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;

/** A child that was made without the JDK: it inherits what has no close-on-exec. */
final class NativeChild implements AutoCloseable {
  static {
    Native.register(NativeChild.class, NativeLibrary.getProcess());
  }

  private static final int SIGKILL = 9;

  private final int pid;

  private NativeChild(int pid) {
    this.pid = pid;
  }

  private static native int posix_spawnp(
      Pointer pid, String file, Pointer actions, Pointer attributes, Pointer argv, Pointer envp);

  private static native int kill(int pid, int signal);

  private static native int waitpid(int pid, Pointer status, int options);

  static NativeChild start(String... command) {
    try (Memory pid = new Memory(4)) {
      Pointer arguments = new StringArray(command);
      assertThat(posix_spawnp(pid, command[0], null, null, arguments, null)).isZero();
      return new NativeChild(pid.getInt(0));
    }
  }

  int pid() {
    return pid;
  }

  @Override
  public void close() {
    kill(pid, SIGKILL);
    waitpid(pid, null, 0);
  }
}
