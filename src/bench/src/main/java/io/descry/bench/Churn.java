package io.descry.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * What Descry makes a program that opens and closes at a steady rate allocate and collect, against
 * a bare JVM of the same run.
 */
public final class Churn {
  private static final int[] RATES = {1_000, 50_000};
  // So that each window has a scan; at the default of 30 s there are six times fewer.
  private static final String SCANS = "interval=5s";

  private Churn() {}

  /** Measures and prints; see {@link Bench}. */
  public static void main(String[] arguments) throws Exception {
    Bench bench = new Bench(Churn.class, arguments, 5);
    bench.print(
        "Minimum / median / maximum; young generation of 8 MiB, `interval=5s`; in brackets the median"
            + " of the ratios to the bare JVM of the same turn.\n");
    for (Jdk jdk : bench.jdks()) {
      Table table =
          new Table(
              jdk.name(),
              "arm",
              "allocated, KiB/s",
              "more than bare, B an open",
              "collections, 1/min",
              "collecting, ms/min",
              "CPU of the process, ms/s");
      Results results =
          Results.inTurn(
              jdk.name() + ", churn",
              bench.runs(),
              Arm.allWith(SCANS),
              arm -> new Jvm(jdk, arm, "-Xmx256m", "-Xmn8m").run(Paced.class, RATES[0], RATES[1]));
      for (int rate : RATES) {
        for (Arm arm : Arm.allWith(SCANS)) {
          String allocated = rate + " allocated";
          table.row(
              Table.number(rate, 0) + " a second",
              arm.name(),
              results.text(arm, allocated, 0, 1 << 10),
              Table.number(results.more(arm, allocated) / rate, 0),
              results.of(arm, rate + " collections").text(0),
              results.of(arm, rate + " collecting").text(0),
              results.text(arm, rate + " cpu", 0, 1));
        }
      }
      bench.print(table);
    }
  }

  /**
   * A use of descriptors as a service may have it: files by stream and by channel, from fifty
   * places that differ in their stacks, of which the last thousand are open. Not for use by several
   * threads.
   */
  static final class Uses {
    private static final int OPEN = 1_000;
    private static final int PLACES = 50;
    private static final Path PATH = Path.of(Opening.FILE);

    private final Closeable[] open = new Closeable[OPEN];
    private int next;

    /** Opens one and closes the one that was opened a thousand ago. */
    void one() throws Exception {
      Deep.down(10 + next % PLACES, this::replace);
    }

    private void replace() throws IOException {
      int slot = next++ % OPEN;
      if (open[slot] != null) {
        open[slot].close();
      }
      // Of each place some are streams and some are channels.
      open[slot] =
          next / PLACES % 2 == 0
              ? new FileInputStream(Opening.FILE)
              : FileChannel.open(PATH, StandardOpenOption.READ);
    }
  }

  /**
   * Opens and closes at rates. Run in a JVM of its own.
   *
   * <p>Arguments: the rates, in opens a second.
   */
  static final class Paced {
    private static final int WARM_UP = Bench.quick(2_000, 1_000);
    private static final int MEASURED = Bench.quick(5_000, 2_000);
    private static final int TICK = 1_000_000;

    private Paced() {}

    private record Spent(long time, long allocated, long collections, long collecting, long cpu) {}

    /** Measures; see the class. */
    public static void main(String[] arguments) throws Exception {
      Uses uses = new Uses();
      Bench.settle();
      for (String rate : arguments) {
        int each = Integer.parseInt(rate) / 1_000;
        run(uses, each, WARM_UP);
        Spent before = spent();
        run(uses, each, MEASURED);
        Spent after = spent();
        double seconds = (after.time - before.time) / 1e9;
        print(rate + " allocated", (after.allocated - before.allocated) / seconds);
        print(rate + " collections", 60 * (after.collections - before.collections) / seconds);
        print(rate + " collecting", 60 * (after.collecting - before.collecting) / seconds);
        print(rate + " cpu", (after.cpu - before.cpu) / 1e6 / seconds);
      }
    }

    private static void run(Uses uses, int each, int milliseconds) throws Exception {
      long next = System.nanoTime();
      for (int tick = 0; tick < milliseconds; tick++) {
        for (int i = 0; i < each; i++) {
          uses.one();
        }
        next += TICK;
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }

    private static Spent spent() {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long[] allocated = threads.getThreadAllocatedBytes(threads.getAllThreadIds());
      long collections = 0;
      long collecting = 0;
      for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
        collections += collector.getCollectionCount();
        collecting += collector.getCollectionTime();
      }
      return new Spent(
          System.nanoTime(),
          // -1: the thread has ended meanwhile.
          LongStream.of(allocated).filter(bytes -> bytes > 0).sum(),
          collections,
          collecting,
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime());
    }

    private static void print(String name, double value) {
      System.out.printf(Locale.ROOT, "%s\t%f%n", name, value);
    }
  }
}
