package io.descry.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The truth: what the kernel lists in {@code /proc/PID/fd}, read from outside the process.
 *
 * @param targets by number
 */
record ProcFd(SortedMap<Integer, String> targets) {
  static ProcFd of(long pid) {
    SortedMap<Integer, String> targets = new TreeMap<>();
    try (Stream<Path> links = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path link : links.toList()) {
        try {
          targets.put(
              Integer.valueOf(link.getFileName().toString()),
              Files.readSymbolicLink(link).toString());
        } catch (NoSuchFileException e) {
          // Closed between the listing and this line.
          continue;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ProcFd(targets);
  }
}
