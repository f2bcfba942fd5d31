package io.descry.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What an open and close of a {@code FileInputStream} costs with Descry, against a bare JVM in the
 * same run. Prints one table. Run from the root of the project, once the agent is built.
 *
 * <p>Arguments: homes of the JDKs to measure; none: the one that runs this.
 */
public final class OpenClose {
  private static final int RUNS = 5;
  private static final int[] DEPTHS = {10, 50, 200};

  private OpenClose() {}

  /** Measures and prints; see the class. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String[] homes =
        arguments.length > 0 ? arguments : new String[] {System.getProperty("java.home")};
    Map<String, String> arms = new LinkedHashMap<>();
    arms.put("bare", null);
    arms.put("descry", "report=none");
    arms.put("stacks=all", "report=none,stacks=all");
    arms.put("stacks=none", "report=none,stacks=none");
    System.out.printf(
        Locale.ROOT,
        "open+close of a FileInputStream, ns; %s, %d processors, %s %s; %d JVMs an arm, in turn%n%n",
        LocalDate.now(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        RUNS);
    System.out.println("| JDK | depth | arm | min | median | max | ratio of medians |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- |");
    for (String home : homes) {
      for (int depth : DEPTHS) {
        Map<String, double[]> results =
            new JvmRuns(Path.of(home), arms, RUNS)
                .measure(OpenCloseLoop.class, Integer.toString(depth));
        double bare = results.get("bare")[RUNS / 2];
        results.forEach(
            (arm, times) ->
                System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %s | %.0f | %.0f | %.0f | %.2f |%n",
                    Path.of(home).getFileName(),
                    depth,
                    arm,
                    times[0],
                    times[RUNS / 2],
                    times[RUNS - 1],
                    times[RUNS / 2] / bare));
      }
    }
  }
}
