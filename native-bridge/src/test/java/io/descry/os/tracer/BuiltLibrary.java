package io.descry.os.tracer;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;

/** What the build made of the tracer's C part, see src/build/library.sh. */
public final class BuiltLibrary {
  private BuiltLibrary() {}

  /**
   * The library for one architecture. Where it was not built, the test ends here: left out with the
   * reason, and failed where the environment says that CI is true.
   *
   * @param architecture {@code amd64} or {@code aarch64}
   */
  static byte[] of(String architecture) throws IOException {
    try (InputStream library = open(architecture + "/libdescry.so")) {
      if (library != null) {
        return library.readAllBytes();
      }
    }
    try (InputStream absent = open(architecture + "/absent.txt")) {
      leaveOut(absent == null ? "Descry was built without it" : text(absent));
      throw new AssertionError("unreachable");
    }
  }

  /** What built it, as {@code "zig 0.16.0, glibc 2.17"}. */
  static String compiler() throws IOException {
    try (InputStream compiler = open("compiler.txt")) {
      return compiler == null ? "none" : text(compiler);
    }
  }

  /** Ends the test here, as this machine lacks what it needs; never on CI, which must have it. */
  public static void leaveOut(String reason) {
    if ("true".equals(System.getenv("CI"))) {
      fail("on CI nothing is left out: " + reason);
    }
    Assumptions.abort(reason);
  }

  private static InputStream open(String name) {
    return BuiltLibrary.class.getResourceAsStream("/io/descry/os/tracer/" + name);
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
