package io.descry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives the load a processor of its own and the server the others. Where they share them, the
 * latencies are those of the kernel's scheduler: whoever was woken waits for the other's time slice
 * of some milliseconds. With {@code taskset} of util-linux; a single processor they share.
 */
final class Processors {
  private Processors() {}

  /** A command that puts load on a server. */
  static List<String> load(List<String> command) throws IOException {
    return on(allowed().subList(0, 1), command);
  }

  /** A command that is put under load. */
  static List<String> server(List<String> command) throws IOException {
    List<String> all = allowed();
    return on(all.subList(Math.min(1, all.size() - 1), all.size()), command);
  }

  private static List<String> on(List<String> processors, List<String> command) {
    List<String> pinned = new ArrayList<>(List.of("taskset", "-c", String.join(",", processors)));
    pinned.addAll(command);
    return pinned;
  }

  /** The processors that this process may run on, as /proc/self/status lists them (proc(5)). */
  private static List<String> allowed() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("Cpus_allowed_list:")) {
        List<String> processors = new ArrayList<>();
        for (String range : line.substring(line.indexOf(':') + 1).trim().split(",")) {
          String[] ends = range.split("-");
          int last = Integer.parseInt(ends[ends.length - 1]);
          for (int number = Integer.parseInt(ends[0]); number <= last; number++) {
            processors.add(Integer.toString(number));
          }
        }
        return processors;
      }
    }
    throw new IOException("no allowed processors in /proc/self/status");
  }
}
