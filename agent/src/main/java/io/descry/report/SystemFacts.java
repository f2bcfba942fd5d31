package io.descry.report;

import io.descry.os.linux.LoadedFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What maintainers of a native library ask about a system.
 *
 * @param distribution its name and version; {@code null} when unknown
 * @param bugs where the distribution takes bug reports; {@code null} when it does not say
 * @param architecture of the JVM, as it names it
 * @param glibc version of the C library; {@code null} where that is another one
 * @param host its name; {@code null} when unknown. Never written into a report
 */
public record SystemFacts(
    String distribution, String bugs, String architecture, String glibc, String host) {
  private static final long LARGEST_FILE = 64 << 10;
  private static final String C_LIBRARY = "libc.so.6";

  /** Of this system. Opens two files at most, one after the other, and closes them. */
  public static SystemFacts read() {
    return read(Path.of("/"), LoadedFunction.text(C_LIBRARY, "gnu_get_libc_version"));
  }

  static SystemFacts read(Path root, String glibc) {
    // Both places, and the syntax of shell assignments without substitution: os-release(5).
    List<String> release = lines(root.resolve("etc/os-release"));
    if (release.isEmpty()) {
      release = lines(root.resolve("usr/lib/os-release"));
    }
    List<String> host = lines(root.resolve("proc/sys/kernel/hostname"));
    return new SystemFacts(
        value(release, "PRETTY_NAME"),
        value(release, "BUG_REPORT_URL"),
        System.getProperty("os.arch"),
        glibc,
        host.isEmpty() ? null : host.get(0).strip());
  }

  private static String value(List<String> lines, String key) {
    for (String line : lines) {
      if (line.startsWith(key + "=")) {
        String value = line.substring(key.length() + 1).strip();
        boolean quoted =
            value.length() >= 2
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        String plain = quoted ? value.substring(1, value.length() - 1) : value;
        return plain.isBlank() ? null : plain.replaceAll("\\\\([\"$`\\\\])", "$1");
      }
    }
    return null;
  }

  private static List<String> lines(Path file) {
    try {
      // Files of /proc say that they are empty.
      return Files.isRegularFile(file) && Files.size(file) <= LARGEST_FILE
          ? Files.readAllLines(file)
          : List.of();
    } catch (IOException e) {
      // Not readable, or no text, says as little as not there.
      return List.of();
    }
  }
}
