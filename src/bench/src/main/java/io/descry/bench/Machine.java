package io.descry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The machine that the benchmarks run on. */
final class Machine {
  /** What a JVM needs besides the descriptors that it is to hold. */
  private static final long RESERVE = 2_000;

  private Machine() {}

  /** Processor, kernel. */
  static String describe() throws IOException {
    return Runtime.getRuntime().availableProcessors()
        + " x "
        + field("/proc/cpuinfo", "model name")
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.version").replaceAll("-.*", "");
  }

  private static String field(String file, String name) throws IOException {
    List<String> lines = Files.readAllLines(Path.of(file));
    for (String line : lines) {
      if (line.startsWith(name)) {
        return line.substring(line.indexOf(':') + 1).trim();
      }
    }
    return "unknown";
  }

  /**
   * Lets the JVMs that are started from now on hold so many descriptors, or as many as the hard
   * limit of this process allows where it may not be raised (that takes CAP_SYS_RESOURCE), and
   * returns how many that is. The soft limit needs no care: HotSpot raises its own to the hard one
   * (-XX:+MaxFDLimit, the default on Linux).
   */
  static int holdable(int wanted) throws IOException, InterruptedException {
    long limit = wanted + RESERVE;
    if (hardLimit() < limit) {
      new ProcessBuilder(
              "prlimit",
              "--pid",
              Long.toString(ProcessHandle.current().pid()),
              "--nofile=" + limit + ":" + limit)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
    return (int) Math.min(wanted, hardLimit() - RESERVE);
  }

  /** That fewer than {@code wanted} are held, if so; else an empty text. */
  static String shortOf(int wanted, int held) {
    return held == wanted
        ? ""
        : Table.number(held, 0)
            + " in place of "
            + Table.number(wanted, 0)
            + " descriptors are held: the hard limit is lower, and may not be raised here.\n";
  }

  private static long hardLimit() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
      if (line.startsWith("Max open files")) {
        String hard = line.trim().split("\\s+")[4];
        return hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
      }
    }
    throw new IOException("no limit of open files in /proc/self/limits");
  }
}
