package io.descry.detect;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The native libraries that the process has loaded beside the JDK's and the C library's own: who
 * could be answerable for a descriptor that Java did not open.
 *
 * @param paths shared objects that are loaded now
 */
record NativeLibraries(Supplier<List<String>> paths) {
  private static final int NAMED = 8;

  /** Up to the first dot of the file's name. */
  private static final Set<String> OF_THE_SYSTEM =
      Set.of(
          "ld-linux-x86-64",
          "ld-linux-aarch64",
          "libc",
          "libdl",
          "libgcc_s",
          "libm",
          "libpthread",
          "libresolv",
          "librt",
          "libstdc++",
          "libz");

  /** File names, without repeats, at most {@value #NAMED}. */
  List<String> suspects() {
    String jdk = System.getProperty("java.home");
    return paths.get().stream()
        .filter(path -> !path.startsWith(jdk))
        .map(NativeLibraries::fileName)
        .filter(name -> !OF_THE_SYSTEM.contains(name.split("\\.", 2)[0]))
        .distinct()
        .limit(NAMED)
        .toList();
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
