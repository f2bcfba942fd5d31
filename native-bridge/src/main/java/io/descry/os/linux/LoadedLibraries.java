package io.descry.os.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the native code in the process that is neither the JDK's nor the system's C runtime: that
 * which may have opened a descriptor that no Java code knows of.
 */
final class LoadedLibraries {
  /**
   * The C and C++ runtime, the loader, what glibc loads by itself for names and characters, and the
   * zlib that some JDKs take from the system.
   */
  private static final Pattern RUNTIME =
      Pattern.compile(
          "(ld-linux.*|ld-musl.*|ld|libc|libm|libmvec|libdl|libpthread|librt|libresolv|libutil"
              + "|libz|libgcc_s|libstdc\\+\\+|libnss_[a-z]+|libnsl|libanl|libc\\.musl-.*)"
              + "(-[0-9.]+)?\\.so(\\.[0-9.]+)?( \\(deleted\\))?");

  /** Memory for libffi's trampolines, which is no library. */
  private static final Pattern TRAMPOLINES =
      Pattern.compile("(ffi[A-Za-z0-9]{6}|memfd:libffi) \\(deleted\\)");

  private static final Pattern MAPPING = Pattern.compile("\\S+ ..x. \\S+ \\S+ (\\d+) +(/.*)");

  private LoadedLibraries() {}

  /**
   * Paths as the kernel prints them, " (deleted)" at the end when the file is gone, each once, in
   * the order of their addresses.
   *
   * @param maps the text of /proc/self/maps (proc_pid_maps(5))
   * @param javaHome the directory of the JDK
   * @param own the file that Descry's own library was loaded from; {@code null} when there is none
   */
  static List<String> foreign(String maps, Path javaHome, String own) {
    Path home = real(javaHome);
    Set<String> found = new LinkedHashSet<>();
    maps.lines()
        .map(MAPPING::matcher)
        .filter(mapping -> mapping.matches() && !mapping.group(1).equals("0"))
        .map(mapping -> mapping.group(2))
        .filter(path -> !path.startsWith("/dev/") || path.startsWith("/dev/shm/"))
        .filter(path -> own == null || !path.equals(own) && !path.equals(own + " (deleted)"))
        .filter(path -> !RUNTIME.matcher(name(path)).matches())
        .filter(path -> !TRAMPOLINES.matcher(name(path)).matches())
        .filter(path -> !isUnder(path, javaHome) && !isUnder(path, home))
        .forEach(found::add);
    return List.copyOf(found);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static boolean isUnder(String path, Path directory) {
    return path.startsWith(directory + "/");
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path; // The JDK was moved away under the running JVM: its old name is all there is.
    }
  }
}
