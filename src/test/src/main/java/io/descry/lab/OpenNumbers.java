package io.descry.lab;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The descriptors of this process by number, with the target of each as {@code /proc/self/fd} links
 * it (proc(5)), less the one that the listing itself takes and those of an agent that reads the
 * same directory.
 */
public final class OpenNumbers {
  private static final String SOCKET = "socket:[";
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
    return kinds(new TreeMap<>(Map.of(number, target))).get(number);
  }

  /** The same of all these, with one look at the kernel's tables, which can be long. */
  public static SortedMap<Integer, String> kinds(SortedMap<Integer, String> open) {
    Map<String, String> sockets =
        open.values().stream().anyMatch(OpenNumbers::isSocket) ? sockets() : Map.of();
    SortedMap<Integer, String> kinds = new TreeMap<>();
    open.forEach((number, target) -> kinds.put(number, kind(number, target, sockets)));
    return kinds;
  }

  private static boolean isSocket(String target) {
    return target.startsWith(SOCKET);
  }

  private static String kind(int number, String target, Map<String, String> sockets) {
    if (isSocket(target)) {
      String inode = target.substring(SOCKET.length(), target.length() - 1);
      return sockets.getOrDefault(inode, "socket");
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

  /** Of each inode that the kernel lists, the kind of the socket. */
  private static Map<String, String> sockets() {
    Map<String, String> sockets = new HashMap<>();
    list(sockets, "socket.tcp", 9, "tcp", "tcp6");
    list(sockets, "socket.udp", 9, "udp", "udp6");
    list(sockets, "socket.unix", 6, "unix");
    return sockets;
  }

  private static void list(Map<String, String> sockets, String kind, int column, String... tables) {
    for (String table : tables) {
      Path path = Path.of("/proc/net", table);
      if (!Files.exists(path)) {
        continue;
      }
      try (Stream<String> lines = Files.lines(path)) {
        lines
            .map(line -> line.trim().split("\\s+"))
            .filter(words -> words.length > column)
            .forEach(words -> sockets.put(words[column], kind));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
