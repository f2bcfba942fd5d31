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
import java.util.Locale;

/**
 * What one scan takes, of the clock and of the processor, with few and many descriptors of mixed
 * kinds held; and the share of one processor that comes to at the default interval.
 */
public final class Scans {
  private static final int MANY = 100_000;
  private static final double DEFAULT_INTERVAL_MS = 30_000;

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
              Arm.allWith("interval=500ms"),
              arm -> {
                int port = freePort();
                return new Jvm(jdk, arm.with("metrics=" + port))
                    .run(Load.class, arm.equals(Arm.BARE) ? 0 : port, 100, 1_000, 10_000, many);
              });
      Table table =
          new Table(
              jdk.name(),
              "arm",
              "clock",
              "CPU of the thread that scans",
              "CPU of the process, more than bare",
              "share at 30 s");
      for (int count : counts) {
        for (Arm arm : Arm.allWith("interval=500ms")) {
          if (!arm.equals(Arm.BARE)) {
            double process =
                results.more(arm, count + " process") / results.median(arm, count + " rate");
            table.row(
                Table.number(count, 0) + " held",
                arm.name(),
                results.of(arm, count + " clock").text(1),
                results.of(arm, count + " thread").text(1),
                Table.number(process, 1),
                Table.number(100 * process / DEFAULT_INTERVAL_MS, 2) + " %");
          }
        }
      }
      bench.print(table);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  /**
   * Holds descriptors and does nothing, while Descry scans. Run in a JVM of its own.
   *
   * <p>Arguments: Descry's metrics port, 0: none; how many descriptors, ascending.
   */
  static final class Load {
    private static final int WARM_UP = Bench.quick(3_000, 1_500);
    private static final int MEASURED = Bench.quick(3_000, 2_000);
    private static final int LEAST = 3;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String SCANS = "descry_scan_duration_seconds";

    private Load() {}

    private record Spent(long time, double process, double thread, double scans, double scanned) {}

    /** Measures; see the class. */
    public static void main(String[] arguments) throws Exception {
      int port = Integer.parseInt(arguments[0]);
      awaitMetrics(port);
      Held held = new Held();
      for (int i = 1; i < arguments.length; i++) {
        held.mixed(Integer.parseInt(arguments[i]));
        Thread.sleep(WARM_UP);
        Spent before = spent(port);
        Thread.sleep(MEASURED);
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
      return new Spent(System.nanoTime(), process, scanner() / 1e6, scans, scanned);
    }

    private static double metric(String metrics, String name) throws IOException {
      return metrics
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow(() -> new IOException("no metric " + name));
    }

    private static long scanner() {
      for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
        if (thread != null && thread.getThreadName().equals("descry-scan")) {
          return THREADS.getThreadCpuTime(thread.getThreadId());
        }
      }
      return 0;
    }
  }
}
