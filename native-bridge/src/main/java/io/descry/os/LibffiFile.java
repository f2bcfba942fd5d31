package io.descry.os;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The file that libffi, inside JNA, keeps open to map its trampolines from: the library that it is
 * part of (ffi_tramp_get_libffi of libffi's src/tramp.c), or else a temporary file that has no name
 * any more or never had one (open_temp_exec_file of src/closures.c).
 */
final class LibffiFile {
  private static final Pattern TEMPORARY =
      Pattern.compile("(.*/ffi[A-Za-z0-9]{6}|/memfd:libffi) \\(deleted\\)", Pattern.DOTALL);

  private LibffiFile() {}

  /**
   * The numbers of such files in this process; empty where /proc is not.
   *
   * @param library the library that libffi is part of; {@code null} for temporary files alone, of
   *     whichever libffi
   */
  static Set<Integer> numbers(String library) {
    String[] names = new File("/proc/self/fd").list();
    Set<Integer> numbers = new HashSet<>();
    for (String name : names == null ? new String[0] : names) {
      try {
        String target = Files.readSymbolicLink(Path.of("/proc/self/fd", name)).toString();
        boolean ofLibrary = library != null && target.equals(library + " (deleted)");
        if (ofLibrary || TEMPORARY.matcher(target).matches()) {
          numbers.add(Integer.parseInt(name));
        }
      } catch (IOException e) {
        // Closed since the list was made, or not to be read: not a file that libffi just opened.
      }
    }
    return numbers;
  }
}
