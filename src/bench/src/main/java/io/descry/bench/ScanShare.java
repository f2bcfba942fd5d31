package io.descry.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What share of one processor Descry takes while it scans a JVM that holds many descriptors and
 * does nothing else, against a bare one in the same run. Prints one table. Run from the root of the
 * project, once the agent is built; takes about {@value HeldDescriptors#SECONDS} s for each JVM.
 *
 * <p>Arguments: homes of the JDKs to measure; none: the one that runs this.
 */
public final class ScanShare {
  private static final int RUNS = 3;
  private static final int HELD = 10_000;

  private ScanShare() {}

  /** Measures and prints; see the class. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String[] homes =
        arguments.length > 0 ? arguments : new String[] {System.getProperty("java.home")};
    Map<String, String> arms = new LinkedHashMap<>();
    arms.put("bare", null);
    arms.put("interval=1s", "report=none,interval=1s");
    System.out.printf(
        Locale.ROOT,
        "CPU of an idle JVM that holds descriptors, in ms of one processor per second; %s, %d"
            + " processors, %s %s; %d JVMs an arm, in turn%n%n",
        LocalDate.now(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        RUNS);
    System.out.println("| JDK | held | arm | min | median | max | more than bare |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
    for (String home : homes) {
      Map<String, double[]> results =
          new JvmRuns(Path.of(home), arms, RUNS)
              .measure(HeldDescriptors.class, Integer.toString(HELD));
      double bare = results.get("bare")[RUNS / 2];
      results.forEach(
          (arm, shares) ->
              System.out.printf(
                  Locale.ROOT,
                  "| %s | %,d | %s | %.1f | %.1f | %.1f | %.2f %% of a processor |%n",
                  Path.of(home).getFileName(),
                  HELD,
                  arm,
                  shares[0],
                  shares[RUNS / 2],
                  shares[RUNS - 1],
                  (shares[RUNS / 2] - bare) / 10));
    }
  }
}
