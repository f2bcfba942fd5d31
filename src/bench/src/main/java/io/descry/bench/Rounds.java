package io.descry.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;

/** Times what is done again and again, in rounds of equal length. */
final class Rounds {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int COUNT = Bench.quick(5, 2);
  private static final int BATCH = 50;

  private Rounds() {}

  /**
   * What one takes, in nanoseconds: of the clock and of the processor; the medians over the rounds,
   * means over the threads.
   */
  record Cost(double clock, double cpu) {
    /** Prints both as figures. */
    void print(String name) {
      System.out.printf(Locale.ROOT, "%s\t%f%n%s cpu\t%f%n", name, clock, name, cpu);
    }
  }

  private record Round(long times, long clock, long cpu) {}

  /**
   * Runs each of the steps in a thread of its own, at a depth of the stack, all threads at once: a
   * first round that does not count, and then those that do.
   */
  static Cost of(List<? extends Deep.Step> steps, int depth, int milliseconds) throws Exception {
    CyclicBarrier together = new CyclicBarrier(steps.size());
    ExecutorService threads = Executors.newFixedThreadPool(steps.size());
    try {
      List<Future<List<Round>>> running = new ArrayList<>();
      for (Deep.Step step : steps) {
        running.add(
            threads.submit(
                () -> {
                  List<Round> rounds = new ArrayList<>();
                  Deep.at(
                      depth - 2,
                      () -> {
                        for (int round = 0; round <= COUNT; round++) {
                          together.await();
                          rounds.add(round(step, milliseconds));
                        }
                      });
                  return rounds;
                }));
      }
      List<List<Round>> all = new ArrayList<>();
      for (Future<List<Round>> rounds : running) {
        all.add(rounds.get());
      }
      return new Cost(median(all, Round::clock), median(all, Round::cpu));
    } finally {
      threads.shutdown();
    }
  }

  private static Round round(Deep.Step step, int milliseconds) throws Exception {
    long times = 0;
    long cpu = THREADS.getCurrentThreadCpuTime();
    long begun = System.nanoTime();
    long end = begun + milliseconds * 1_000_000L;
    do {
      batch(step);
      times += BATCH;
    } while (System.nanoTime() < end);
    return new Round(times, System.nanoTime() - begun, THREADS.getCurrentThreadCpuTime() - cpu);
  }

  // A method of its own, so that it is compiled as such, and not only the loop in the middle of a
  // round.
  private static void batch(Deep.Step step) throws Exception {
    for (int i = 0; i < BATCH; i++) {
      step.run();
    }
  }

  private static double median(List<List<Round>> threads, ToDoubleFunction<Round> spent) {
    List<Double> rounds = new ArrayList<>();
    for (int i = 1; i <= COUNT; i++) {
      double time = 0;
      long times = 0;
      for (List<Round> thread : threads) {
        time += spent.applyAsDouble(thread.get(i));
        times += thread.get(i).times();
      }
      rounds.add(time / times);
    }
    return Samples.of(rounds).median();
  }
}
