package io.descry.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What memory Descry takes, against a bare JVM of the same run: for each descriptor that is held,
 * at three depths of the stack, and at all.
 */
public final class Memory {
  private static final int[] DEPTHS = Bench.QUICK ? new int[] {50} : new int[] {10, 50, 200};
  private static final int SOME = 10_000;
  private static final String SCANS = "interval=1s";
  private static final int MANY = 100_000;

  private Memory() {}

  /** Measures and prints; see {@link Bench}. */
  public static void main(String[] arguments) throws Exception {
    Bench bench = new Bench(Memory.class, arguments, 5);
    int many = Machine.holdable(MANY);
    bench.print(
        "Minimum / median / maximum of the JVMs, less the median of the bare JVM.\n"
            + Machine.shortOf(MANY, many));
    for (Jdk jdk : bench.jdks()) {
      fixed(bench, jdk);
      Table table =
          new Table(jdk.name(), "depth", "arm", "heap a descriptor, B", "RSS a descriptor, B");
      for (int depth : DEPTHS) {
        for (int held : new int[] {SOME, many}) {
          Results results =
              Results.sideBySide(
                  jdk.name() + ", memory at depth " + depth + ", " + held + " held",
                  bench.runs(),
                  Arm.allWith(SCANS),
                  // A small heap to begin with, so that RSS follows what is live.
                  arm -> new Jvm(jdk, arm, "-Xms32m", "-Xmx2g").run(Holder.class, depth, held));
          for (Arm arm : Arm.allWith(SCANS)) {
            if (!arm.equals(Arm.BARE)) {
              table.row(
                  Table.number(held, 0) + " held",
                  depth,
                  arm.name(),
                  more(results, arm, held + " heap", 0, 1),
                  more(results, arm, held + " rss", 0, 1));
            }
          }
        }
      }
      bench.print(table);
    }
  }

  private static void fixed(Bench bench, Jdk jdk) throws IOException, InterruptedException {
    Results results =
        Results.inTurn(
            jdk.name() + ", memory when idle",
            bench.runs(),
            Arm.ALL,
            arm -> new Jvm(jdk, arm).run(Holder.class, DEPTHS[0]));
    Table table = new Table(jdk.name() + ", nothing held", "arm", "heap, KiB", "RSS, MiB");
    for (Arm arm : Arm.WITH_DESCRY) {
      table.row(
          "after 3 s",
          arm.name(),
          more(results, arm, "idle heap", 0, 1 << 10),
          more(results, arm, "idle rss", 1, 1 << 20));
    }
    bench.print(table);
  }

  private static String more(Results results, Arm arm, String name, int decimals, double unit) {
    return results.of(arm, name).minus(results.median(Arm.BARE, name)).text(decimals, unit);
  }

  /** The bytes that the heap has in use after a full collection. */
  static long heap() {
    // Twice: what the first found weakly reachable is freed by the second.
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /**
   * Holds files and prints the memory that each takes. Run in a JVM of its own.
   *
   * <p>Arguments: at what depth they are opened; how many, ascending.
   */
  static final class Holder {
    private static final int IDLE = 3_000;
    private static final int SOME_SCANS = 4_000;
    // A scan of very many takes longer than the interval.
    private static final int DESCRIPTORS_A_MS = 10;
    private static final int LOOKS = 3;

    private Holder() {}

    /** Measures; see the class. */
    public static void main(String[] arguments) throws Exception {
      if (arguments.length == 1) {
        Thread.sleep(IDLE);
      } else {
        Bench.settle();
      }
      long idle = resident();
      long heap = betweenScans();
      print("idle rss", idle);
      print("idle heap", heap);
      long resident = resident();
      Held held = new Held();
      for (int i = 1; i < arguments.length; i++) {
        int wanted = Integer.parseInt(arguments[i]);
        Deep.at(Integer.parseInt(arguments[0]) - 1, () -> held.files(wanted));
        // Scans turn stacks as the JVM made them into what is kept.
        Thread.sleep(SOME_SCANS + wanted / DESCRIPTORS_A_MS);
        print(wanted + " heap", (betweenScans() - heap) / (double) wanted);
        print(wanted + " rss", (resident() - resident) / (double) wanted);
      }
    }

    // The least of a few: a scan that goes on at the time holds more.
    private static long betweenScans() throws InterruptedException {
      long least = heap();
      for (int look = 1; look < LOOKS; look++) {
        Thread.sleep(300);
        least = Math.min(least, heap());
      }
      return least;
    }

    private static void print(String name, double value) {
      System.out.printf(Locale.ROOT, "%s\t%f%n", name, value);
    }

    private static long resident() throws IOException {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
      throw new IOException("no VmRSS in /proc/self/status");
    }
  }
}
