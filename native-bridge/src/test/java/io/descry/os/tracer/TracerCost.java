package io.descry.os.tracer;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Prints the CPU time of one open and close of /dev/null by native code, called from Java, in
 * nanoseconds: without the tracer, and in each of its modes.
 *
 * <p>Arguments: the path of faults.c's library, how many opens a round has, and how deep the Java
 * stack is; a mode when it is to be that one only, for a profile.
 */
public final class TracerCost {
  private static final int ROUNDS = 7;
  private static final String[] MODES = {"table", "budget", "all"};

  private TracerCost() {}

  /** Measures the modes in turn, so that what else the machine does befalls them alike. */
  public static void main(String[] arguments) {
    TracerLibrary.load();
    System.load(arguments[0]);
    int opens = Integer.parseInt(arguments[1]);
    int depth = Integer.parseInt(arguments[2]);
    double[] best = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
    for (int i = 0; i < ROUNDS; i++) {
      best[0] = Math.min(best[0], measure(opens, depth));
      for (int mode = 0; mode < MODES.length; mode++) {
        if (arguments.length > 3 && !MODES[mode].equals(arguments[3])) {
          continue;
        }
        TracerLibrary.start(System.getProperty("java.home"), new String[0], 0.01, mode);
        best[mode + 1] = Math.min(best[mode + 1], hooked(opens, depth));
        TracerLibrary.stop();
      }
    }
    System.out.printf("unhooked %.0f ns%n", best[0]);
    for (int mode = 0; mode < MODES.length; mode++) {
      if (best[mode + 1] == Double.MAX_VALUE) {
        continue;
      }
      System.out.printf(
          "%s %.0f ns, %.2f times%n", MODES[mode], best[mode + 1], best[mode + 1] / best[0]);
    }
  }

  // By its name a profile tells it from the rest.
  private static double hooked(int opens, int depth) {
    return measure(opens, depth);
  }

  private static double measure(int opens, int depth) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long begun = threads.getCurrentThreadCpuTime();
    deep(opens, depth);
    return (threads.getCurrentThreadCpuTime() - begun) / (double) opens;
  }

  private static void deep(int opens, int depth) {
    if (depth > 0) {
      deep(opens, depth - 1);
    } else {
      Faults.openAndClose(opens);
    }
  }
}
