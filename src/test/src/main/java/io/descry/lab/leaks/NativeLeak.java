package io.descry.lab.leaks;

import io.descry.lab.Dialogue;
import io.descry.lab.Json;
import io.descry.lab.OpenNumbers;
import io.descry.lab.Pace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * One library whose native code opens what its user never closes: no line of Java's own I/O is
 * involved.
 */
public final class NativeLeak {
  private NativeLeak() {}

  /**
   * The program.
   *
   * @param args the library; a directory for its files; how many times it leaks, and the
   *     milliseconds between
   */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createDirectories(Path.of(args[1]));
    int times = Integer.parseInt(args[2]);
    Pace.Step leak = NativeOpens.by(args[0], directory);
    // The first of its kind loads and opens what stays for good.
    leak.run();
    Dialogue.ask("ready");
    Map<Integer, String> before = Map.copyOf(OpenNumbers.now());
    Pace.keep(times, Long.parseLong(args[3]), leak);
    Map<String, Integer> leaked = new TreeMap<>();
    OpenNumbers.now()
        .forEach(
            (number, target) -> {
              if (!target.equals(before.get(number))
                  || target.startsWith("anon_inode:") && !before.containsKey(number)) {
                leaked.merge(kind(number, target), 1, Integer::sum);
              }
            });
    leaked.values().removeIf(count -> count < times);
    if (leaked.isEmpty()) {
      throw new IllegalStateException("nothing leaked");
    }
    Dialogue.ask("leaked " + Json.of(leaked));
  }

  /** The only sockets here that nobody lists are libuv's, of TCP and not yet bound. */
  private static String kind(int number, String target) {
    String kind = OpenNumbers.kind(number, target);
    return kind.equals("socket") ? "socket.tcp" : kind;
  }
}
