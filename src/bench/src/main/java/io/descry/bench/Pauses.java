package io.descry.bench;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a thread that opens and closes feels of scans that go on at the same time, with many
 * descriptors of mixed kinds held: how long its slowest pairs take, against a bare JVM and Descry
 * that does not scan.
 */
public final class Pauses {
  private static final int SOME = 10_000;
  private static final int MANY = 100_000;
  private static final List<Arm> ARMS =
      List.of(
          Arm.BARE,
          new Arm("Descry, no scan", "report=none,interval=60m"),
          new Arm("Descry, two scans a second", "report=none,interval=500ms"));

  private Pauses() {}

  /** Measures and prints; see {@link Bench}. */
  public static void main(String[] arguments) throws Exception {
    Bench bench = new Bench(Pauses.class, arguments, 5);
    int many = Machine.holdable(MANY);
    bench.print(
        "Open and close of a FileInputStream, µs, minimum / median / maximum of the JVMs.\n"
            + Machine.shortOf(MANY, many));
    for (Jdk jdk : bench.jdks()) {
      Results results =
          Results.inTurn(
              jdk.name() + ", pauses",
              bench.runs(),
              ARMS,
              arm -> new Jvm(jdk, arm).run(Loop.class, SOME, many));
      Table table = new Table(jdk.name(), "arm", "p50", "p99.9", "p99.99", "longest");
      for (int held : new int[] {SOME, many}) {
        for (Arm arm : ARMS) {
          table.row(
              Table.number(held, 0) + " held",
              arm.name(),
              results.of(arm, held + " p50").text(1, 1000),
              results.of(arm, held + " p99.9").text(1, 1000),
              results.of(arm, held + " p99.99").text(1, 1000),
              results.of(arm, held + " longest").text(0, 1000));
        }
      }
      bench.print(table);
    }
  }

  /**
   * Opens and closes while descriptors are held. Run in a JVM of its own.
   *
   * <p>Arguments: how many descriptors, ascending.
   */
  static final class Loop {
    private static final int WARM_UP = Bench.quick(2_000, 1_000);
    private static final int MEASURED = Bench.quick(4_000, 2_000);
    private static final int[] NANOSECONDS = new int[5_000_000];

    private Loop() {}

    /** Measures; see the class. */
    public static void main(String[] arguments) throws Exception {
      Held held = new Held();
      for (String argument : arguments) {
        held.mixed(Integer.parseInt(argument));
        Bench.settle();
        pairs(WARM_UP);
        int pairs = pairs(MEASURED);
        Arrays.sort(NANOSECONDS, 0, pairs);
        print(argument + " p50", pairs / 2);
        print(argument + " p99.9", pairs - pairs / 1_000 - 1);
        print(argument + " p99.99", pairs - pairs / 10_000 - 1);
        print(argument + " longest", pairs - 1);
      }
    }

    private static void print(String name, int rank) {
      System.out.printf(Locale.ROOT, "%s\t%d%n", name, NANOSECONDS[rank]);
    }

    private static int pairs(int milliseconds) throws IOException {
      long now = System.nanoTime();
      long end = now + milliseconds * 1_000_000L;
      int pairs = 0;
      while (now < end && pairs < NANOSECONDS.length) {
        new FileInputStream(Opening.FILE).close();
        long after = System.nanoTime();
        NANOSECONDS[pairs++] = (int) Math.min(after - now, Integer.MAX_VALUE);
        now = after;
      }
      return pairs;
    }
  }
}
