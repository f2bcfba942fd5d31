package io.descry.lab;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The descriptors of this process by number, with the target of each as {@code /proc/self/fd} links
 * it (proc(5)), less the one that the listing itself takes and those of an agent that reads the
 * same directory.
 */
public final class OpenNumbers {
  private static final Path FD = Path.of("/proc/self/fd");
  private static final String OWN = "/proc/" + ProcessHandle.current().pid() + "/fd";

  private OpenNumbers() {}

  /** What is open now. */
  public static SortedMap<Integer, String> now() {
    String[] names = new File("/proc/self/fd").list();
    if (names == null) {
      throw new IllegalStateException("/proc/self/fd cannot be listed");
    }
    SortedMap<Integer, String> open = new TreeMap<>();
    for (String name : names) {
      try {
        String target = Files.readSymbolicLink(FD.resolve(name)).toString();
        if (!target.startsWith(OWN)) {
          open.put(Integer.valueOf(name), target);
        }
      } catch (NoSuchFileException e) {
        // The listing's own number, or one closed since by another thread: not open now.
        continue;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return open;
  }

  /** What is open now and was not in {@code before}, or was something else there. */
  public static SortedMap<Integer, String> since(SortedMap<Integer, String> before) {
    SortedMap<Integer, String> open = now();
    open.entrySet().removeIf(entry -> entry.getValue().equals(before.get(entry.getKey())));
    return open;
  }

  /**
   * The kind of a number in Descry's words; plain {@code socket} for one that {@code /proc/net}
   * does not list, as is so of TCP sockets that neither listen nor are connected.
   */
  public static String kind(int number, String target) {
    if (target.startsWith("socket:[")) {
      return socket(target.substring("socket:[".length(), target.length() - 1));
    }
    if (target.startsWith("pipe:[")) {
      return "pipe";
    }
    if (target.startsWith("anon_inode:")) {
      return target.substring("anon_inode:".length()).replace("[", "").replace("]", "");
    }
    if (target.startsWith("/memfd:")) {
      return "memfd";
    }
    if (target.startsWith("/dev/")) {
      return "device";
    }
    return Files.isDirectory(FD.resolve(Integer.toString(number))) ? "directory" : "file";
  }

  private static String socket(String inode) {
    if (listed(inode, 9, "tcp", "tcp6")) {
      return "socket.tcp";
    }
    if (listed(inode, 9, "udp", "udp6")) {
      return "socket.udp";
    }
    return listed(inode, 6, "unix") ? "socket.unix" : "socket";
  }

  private static boolean listed(String inode, int column, String... tables) {
    for (String table : tables) {
      Path path = Path.of("/proc/net", table);
      if (!Files.exists(path)) {
        continue;
      }
      try (Stream<String> lines = Files.lines(path)) {
        if (lines
            .map(line -> List.of(line.trim().split("\\s+")))
            .anyMatch(words -> words.size() > column && words.get(column).equals(inode))) {
          return true;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return false;
  }
}
