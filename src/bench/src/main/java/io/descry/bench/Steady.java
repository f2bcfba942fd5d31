package io.descry.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;

/**
 * Opens and closes one kind at one depth of the stack and nothing else, for a profile of it, and
 * prints the CPU time that one takes. A number of times and not for a time, so that load on the
 * machine changes neither. Run in a JVM of its own.
 *
 * <p>Arguments: the kind, of {@link Opening}; the depth; how many times, after a third as many that
 * warm up.
 */
final class Steady {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Steady() {}

  /** Opens and closes; see the class. */
  public static void main(String[] arguments) throws Exception {
    Deep.Step step = Opening.valueOf(arguments[0]).step();
    int depth = Integer.parseInt(arguments[1]);
    int times = Integer.parseInt(arguments[2]);
    Bench.settle();
    Deep.at(depth - 2, () -> repeat(step, times / 3));
    Deep.at(depth - 2, () -> measured(step, times));
  }

  // By its name a profile tells what is measured from the rest.
  private static void measured(Deep.Step step, int times) throws Exception {
    long begun = THREADS.getCurrentThreadCpuTime();
    repeat(step, times);
    double taken = THREADS.getCurrentThreadCpuTime() - begun;
    System.out.printf(Locale.ROOT, "CPU time of an open and close: %.0f ns%n", taken / times);
  }

  private static void repeat(Deep.Step step, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      step.run();
    }
  }
}
