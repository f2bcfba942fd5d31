package io.descry.os;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import io.descry.os.windows.TemporaryDll;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Loads JNA's native half where JNA by itself would not: from the resource beside JNA's classes, by
 * way of the first directory that allows it, never from what the machine has installed, and without
 * a trace in the system properties afterwards. The file is gone when this returns, but on Windows,
 * which keeps it until the process has ended.
 *
 * <p>JNA asks for properties that begin with {@code jna.}; the packaging gives these another name,
 * here and there alike, so that an application's own JNA never meets them.
 *
 * @param library the path that the library was loaded from, which on Linux no longer exists; {@code
 *     null} when it could not be loaded
 * @param numbers the descriptors that JNA holds open from now on for itself, usually none or one
 * @param refusals why not, one line for each directory that was tried; or for JNA as a whole
 */
public record JnaLoading(String library, Set<Integer> numbers, List<String> refusals) {
  /** What JNA reads while it starts, with the values that keep it from going its own ways. */
  private static final Map<String, String> STARTING =
      Map.of(
          // no system-wide library of some version; nothing written to ~/.cache by JNA itself
          "jna.nosys", "true",
          "jna.noclasspath", "true",
          "jna.nounpack", "true",
          "jna.boot.library.name", "jnidispatch",
          // else NativeLibrary runs ldconfig in a child process to learn where libraries are
          "jna.platform.library.path", "");

  private static final String DIRECTORY = "jna.boot.library.path";
  private static final List<String> LEFT_BY_JNA = List.of("jna.loaded", "jnidispatch.path");

  private static JnaLoading done;

  public JnaLoading {
    numbers = Set.copyOf(numbers);
    refusals = List.copyOf(refusals);
  }

  /** Whether JNA can be used in this process. */
  public boolean loaded() {
    return library != null;
  }

  /**
   * Loads JNA, once; later calls return what the first found. Never throws.
   *
   * <p>{@code System.load} is called from this class's module as well as from JNA's: both must be
   * the same loader's, and both granted native access where the JVM asks for that.
   */
  public static synchronized JnaLoading once() {
    if (done == null) {
      done = load(PrivateLibrary.directories());
    }
    return done;
  }

  private static JnaLoading load(List<Path> directories) {
    try {
      String name = System.mapLibraryName("jnidispatch");
      byte[] content = resource("com/sun/jna/" + Platform.RESOURCE_PREFIX + "/" + name);
      if (content == null) {
        return refused(List.of("JNA has no library for " + Platform.RESOURCE_PREFIX));
      }
      if (Platform.isWindows()) {
        Path path = TemporaryDll.load(name, content, JnaLoading::start);
        return new JnaLoading(path.toString(), Set.of(), List.of());
      }
      PrivateLibrary library = new PrivateLibrary(name, content);
      Set<Integer> before = LibffiFile.numbers(null);
      Path path = library.load(directories, JnaLoading::start);
      if (path == null) {
        return refused(library.refusals());
      }
      Set<Integer> numbers = LibffiFile.numbers(path.toString());
      numbers.removeAll(before);
      return new JnaLoading(path.toString(), numbers, library.refusals());
    } catch (IOException | LinkageError | RuntimeException e) {
      return refused(List.of("JNA: " + e));
    }
  }

  private static JnaLoading refused(List<String> refusals) {
    return new JnaLoading(null, Set.of(), refusals);
  }

  private static byte[] resource(String name) throws IOException {
    ClassLoader loader = Platform.class.getClassLoader();
    try (InputStream in = loader.getResourceAsStream(name)) {
      return in == null ? null : in.readAllBytes();
    }
  }

  /** Runs JNA's start-up on the file, which the JVM has loaded for this loader already. */
  private static void start(Path file) {
    Map<String, String> before = new HashMap<>();
    STARTING.forEach((key, value) -> before.put(key, System.setProperty(key, value)));
    before.put(DIRECTORY, System.setProperty(DIRECTORY, file.getParent().toString()));
    LEFT_BY_JNA.forEach(key -> before.put(key, System.getProperty(key)));
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    // JNA's cleaner thread starts here and would hold on to the application's loader.
    thread.setContextClassLoader(JnaLoading.class.getClassLoader());
    try {
      // The first function makes libffi take its executable memory: here it fails or never.
      if (Platform.isWindows()) {
        Native.register(FirstOfWindows.class, NativeLibrary.getInstance("kernel32"));
      } else {
        Native.register(FirstFunction.class, NativeLibrary.getProcess());
      }
    } finally {
      thread.setContextClassLoader(context);
      before.forEach(JnaLoading::restore);
    }
  }

  private static final class FirstFunction {
    static native int getpid();
  }

  private static final class FirstOfWindows {
    static native int GetCurrentProcessId();
  }

  private static void restore(String key, String value) {
    if (value == null) {
      System.clearProperty(key);
    } else {
      System.setProperty(key, value);
    }
  }
}
