package io.descry.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one scan takes, of the clock and of the processor, with few and many descriptors of mixed
 * kinds held; and the share of one processor that comes to at the default interval.
 */
public final class Scans {
  private static final int MANY = 100_000;
  private static final String INTERVAL = "interval=500ms";
  private static final List<Arm> WITH_DESCRY =
      Arm.WITH_DESCRY.stream().map(arm -> arm.with(INTERVAL)).toList();

  /** What a service holds of which the target for the default interval speaks. */
  private static final int USUAL = 1_000;

  private static final double DEFAULT_INTERVAL_MS = 30_000;
  private static final int SETTLING = Bench.quick(2_000, 1_500);
  private static final int MEASURED = Bench.quick(3_000, 2_000);
  private static final int LONG_SETTLING = Bench.quick(45_000, 2_000);
  private static final int LONG_MEASURED = Bench.quick(20_000, 2_000);

  private Scans() {}

  /** Measures and prints; see {@link Bench}. */
  public static void main(String[] arguments) throws Exception {
    Bench bench = new Bench(Scans.class, arguments, 5);
    int many = Machine.holdable(MANY);
    int[] counts = {100, 1_000, 10_000, many};
    bench.print("Milliseconds a scan, minimum / median / maximum.\n" + Machine.shortOf(MANY, many));
    for (Jdk jdk : bench.jdks()) {
      Results results =
          Results.inTurn(
              jdk.name() + ", scans",
              bench.runs(),
              WITH_DESCRY,
              arm -> load(jdk, arm, SETTLING, MEASURED, 100, 1_000, 10_000, many));
      Table table = new Table(jdk.name(), "arm", "clock", "CPU of the thread that scans");
      for (int count : counts) {
        for (Arm arm : WITH_DESCRY) {
          table.row(
              Table.number(count, 0) + " held",
              arm.name(),
              results.of(arm, count + " clock").text(1),
              results.of(arm, count + " thread").text(1));
        }
      }
      bench.print(table);
      share(bench, jdk);
    }
  }

  /** After as many scans as there are in an hour at the default interval. */
  private static void share(Bench bench, Jdk jdk) throws IOException, InterruptedException {
    Results results =
        Results.sideBySide(
            jdk.name() + ", share of a processor",
            bench.runs(),
            Arm.allWith(INTERVAL),
            arm -> load(jdk, arm, LONG_SETTLING, LONG_MEASURED, USUAL));
    Table table =
        new Table(
            jdk.name() + ", after an hour's scans",
            "arm",
            "CPU of the thread that scans",
            "of all for a scan, more than bare",
            "of Descry's other threads, a second",
            "share at 30 s");
    for (Arm arm : WITH_DESCRY) {
      double others = results.median(arm, USUAL + " others");
      double scan =
          (results.more(arm, USUAL + " process") - others) / results.median(arm, USUAL + " rate");
      table.row(
          Table.number(USUAL, 0) + " held",
          arm.name(),
          results.of(arm, USUAL + " thread").text(1),
          Table.number(scan, 1),
          Table.number(others, 2),
          Table.number(100 * scan / DEFAULT_INTERVAL_MS + others / 10, 3) + " %");
    }
    bench.print(table);
  }

  private static Map<String, Double> load(
      Jdk jdk, Arm arm, int settling, int measured, Object... counts)
      throws IOException, InterruptedException {
    int port = freePort();
    List<Object> arguments =
        new ArrayList<>(List.of(arm.equals(Arm.BARE) ? 0 : port, settling, measured));
    arguments.addAll(List.of(counts));
    return new Jvm(jdk, arm.with("metrics=" + port)).run(Load.class, arguments.toArray());
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  /**
   * Holds descriptors and does nothing, while Descry scans. Run in a JVM of its own.
   *
   * <p>Arguments: Descry's metrics port, 0: none; for how many ms it holds them before it measures,
   * and while it does; how many descriptors, ascending.
   */
  static final class Load {
    /** Scans of so many make what compiled code is after hours at the default interval. */
    private static final int WARM = Bench.quick(10_000, 1_000);

    private static final int WARM_UP = Bench.quick(10_000, 1_500);
    private static final int LEAST = 3;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String SCANS = "descry_scan_duration_seconds";

    private Load() {}

    private record Spent(
        long time, double process, double thread, double others, double scans, double scanned) {}

    /** Measures; see the class. */
    public static void main(String[] arguments) throws Exception {
      int port = Integer.parseInt(arguments[0]);
      awaitMetrics(port);
      try (Held warm = new Held()) {
        warm.mixed(WARM);
        Thread.sleep(WARM_UP);
      }
      Held held = new Held();
      for (int i = 3; i < arguments.length; i++) {
        held.mixed(Integer.parseInt(arguments[i]));
        Thread.sleep(Integer.parseInt(arguments[1]));
        Spent before = spent(port);
        Thread.sleep(Integer.parseInt(arguments[2]));
        Spent after = spent(port);
        while (port > 0 && after.scans - before.scans < LEAST) {
          Thread.sleep(100);
          after = spent(port);
        }
        print(arguments[i], before, after);
      }
    }

    private static void print(String held, Spent before, Spent after) {
      double seconds = (after.time - before.time) / 1e9;
      double scans = after.scans - before.scans;
      figure(held + " process", (after.process - before.process) / seconds);
      figure(held + " others", (after.others - before.others) / seconds);
      if (scans >= LEAST) {
        figure(held + " rate", scans / seconds);
        figure(held + " clock", (after.scanned - before.scanned) / scans);
        figure(held + " thread", (after.thread - before.thread) / scans);
      }
    }

    private static void figure(String name, double value) {
      System.out.printf(Locale.ROOT, "%s\t%f%n", name, value);
    }

    // Descry opens its endpoint beside the program's start.
    private static void awaitMetrics(int port) throws IOException, InterruptedException {
      for (int tries = 0; port > 0; tries++) {
        try {
          scrape(port);
          return;
        } catch (ConnectException e) {
          if (tries == 100) {
            throw e;
          }
          Thread.sleep(200);
        }
      }
    }

    private static String scrape(int port) throws IOException {
      URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
      try (InputStream in = metrics.toURL().openStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }

    // CPU and scanning in milliseconds.
    private static Spent spent(int port) throws IOException {
      double scans = 0;
      double scanned = 0;
      if (port > 0) {
        String metrics = scrape(port);
        scans = metric(metrics, SCANS + "_count");
        scanned = 1000 * metric(metrics, SCANS + "_sum");
      }
      double process =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
              / 1e6;
      double own = cpu("descry-");
      double scanner = cpu("descry-scan");
      return new Spent(System.nanoTime(), process, scanner, own - scanner, scans, scanned);
    }

    private static double metric(String metrics, String name) throws IOException {
      return metrics
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow(() -> new IOException("no metric " + name));
    }

    /** Milliseconds that the threads have taken whose names begin so. */
    private static double cpu(String name) {
      double taken = 0;
      for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
        if (thread != null && thread.getThreadName().startsWith(name)) {
          taken += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId())) / 1e6;
        }
      }
      return taken;
    }
  }
}
