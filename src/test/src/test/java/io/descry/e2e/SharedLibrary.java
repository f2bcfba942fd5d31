package io.descry.e2e;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** libuv must be on the machine; where it is not and may be installed, it is. */
final class SharedLibrary {
  private SharedLibrary() {}

  /** Makes sure of libuv; without it, skips the test, or with {@code CI=true} fails it. */
  static void libuv() {
    if (there()) {
      return;
    }
    run(List.of("apt-get", "update", "-q"));
    run(List.of("apt-get", "install", "-y", "-q", "libuv1"));
    if (!there() && "true".equals(System.getenv("CI"))) {
      throw new IllegalStateException("libuv.so.1 is not there and could not be installed");
    }
    Assumptions.assumeTrue(there(), "libuv.so.1 is not there");
  }

  private static boolean there() {
    try {
      com.sun.jna.NativeLibrary.getInstance("libuv.so.1");
      return true;
    } catch (UnsatisfiedLinkError e) {
      // Not there: that is the answer.
      return false;
    }
  }

  private static void run(List<String> command) {
    try {
      new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      // No such tool here; whoever asks looks whether the library is there.
      return;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
