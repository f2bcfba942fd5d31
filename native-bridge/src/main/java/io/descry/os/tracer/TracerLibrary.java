package io.descry.os.tracer;

import io.descry.os.PrivateLibrary;
import io.descry.os.linux.NativeBatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The tracer's native library, as it is: what it records is read from the region that {@link
 * #start} answers ({@code region.h}). Linux only.
 *
 * <p>Before {@link #load} has answered, no other method may be called. All are safe for use by
 * several threads, but {@link #start} and {@link #stop} must not run at the same time.
 */
final class TracerLibrary {
  /** No stacks. */
  static final int STACKS_NONE = 0;

  /** Stacks as long as their cost stays within the budget. */
  static final int STACKS_BUDGET = 1;

  /** A stack of every open. */
  static final int STACKS_ALL = 2;

  private static final String FILE = "libdescry.so";

  private TracerLibrary() {}

  /**
   * Loads the library that this class's loader has for this processor.
   *
   * @return where it was loaded from; deleted meanwhile
   * @throws IllegalStateException with the reason, when there is none or it cannot be loaded
   */
  static Path load() {
    String resource = "io/descry/os/tracer/" + architecture() + "/" + FILE;
    try (InputStream in = TracerLibrary.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            "this build of Descry has none for " + architecture() + absence());
      }
      PrivateLibrary library = new PrivateLibrary(FILE, in.readAllBytes());
      Path path = library.load(PrivateLibrary.directories(), file -> {});
      if (path == null) {
        throw new IllegalStateException(String.join("; ", library.refusals()));
      }
      NativeBatch.loaded();
      return path;
    } catch (IOException e) {
      throw new IllegalStateException("cannot be read: " + e.getMessage(), e);
    }
  }

  /** What the build said of why there is none; empty when it said nothing. */
  private static String absence() throws IOException {
    String resource = "io/descry/os/tracer/" + architecture() + "/absent.txt";
    try (InputStream in = TracerLibrary.class.getClassLoader().getResourceAsStream(resource)) {
      return in == null ? "" : ": " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("x86_64") ? "amd64" : name;
  }

  /**
   * Hooks all loaded objects. To be called by a platform thread. A second start after {@link #stop}
   * answers the same memory, with all slots empty.
   *
   * @param javaHome the objects beneath are the JDK's
   * @param own paths of Descry's own libraries, as they were loaded
   * @param budgetShare of one processor's time that stacks may take, above 0 and at most 1
   * @param stacks one of the constants
   * @return the region; stays mapped for ever. Its byte order is to be set by the caller
   * @throws IllegalStateException with the reason, when nothing is hooked
   */
  static native ByteBuffer start(String javaHome, String[] own, double budgetShare, int stacks);

  /**
   * Hooks objects that came, marks those that went, mends hooks that were overwritten; nothing when
   * stopped. Takes some 100 µs, within which no other thread can load a library.
   */
  static native void refresh();

  /**
   * What a jmethodID of a Java stack stands for.
   *
   * @param methodId from a stack of the region, and from nowhere else
   * @param bci bytecode index, -1 in a native method
   * @return class, name, source file (null when unknown) and line as in {@link StackTraceElement};
   *     {@code null} when the class was unloaded
   */
  static native Object[] method(long methodId, int bci);

  /** The names of the calls, by their number in the region. */
  static native String[] calls();

  /** The plain form of a C++ or Itanium-mangled name; {@code null} when it is none. */
  static native String demangle(String name);

  /** Why stacks have no Java frames, or natives only one; {@code null} when they are whole. */
  static native String reason();

  /** Restores all import slots. What was recorded stays readable. */
  static native void stop();
}
