package io.descry.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the JVMs of all arms measured: figures by name, some for each arm. */
final class Results {
  private final Map<Arm, Map<String, List<Double>>> values = new HashMap<>();
  private final Set<String> names = new LinkedHashSet<>();

  /** None yet. */
  Results() {}

  /** One run of a JVM. */
  interface Trial {
    /** Runs it and returns the figures by name. */
    Map<String, Double> run(Arm arm) throws IOException, InterruptedException;
  }

  /** What a JVM of an arm runs. */
  interface Program {
    /** Its command line. */
    List<String> command(Arm arm) throws IOException;
  }

  /**
   * Runs every arm so many times, the arms in turn: each round begins with the next, so that none
   * is always first.
   *
   * @param what for the line of progress on standard error
   */
  static Results inTurn(String what, int runs, List<Arm> arms, Trial trial)
      throws IOException, InterruptedException {
    Results results = new Results();
    for (int run = 0; run < runs; run++) {
      List<Arm> turn = new ArrayList<>(arms);
      Collections.rotate(turn, -run);
      for (Arm arm : turn) {
        System.err.printf("%s: %d of %d, %s%n", what, run + 1, runs, arm.name());
        trial.run(arm).forEach((name, value) -> results.add(arm, name, value));
      }
    }
    return results;
  }

  /**
   * Runs every arm so many times, all arms at once: for what load on the processors does not
   * change, memory and the CPU time of what mostly waits.
   */
  static Results sideBySide(String what, int runs, List<Arm> arms, Trial trial)
      throws IOException, InterruptedException {
    Results results = new Results();
    ExecutorService together = Executors.newFixedThreadPool(arms.size());
    try {
      for (int run = 0; run < runs; run++) {
        System.err.printf("%s: %d of %d, all arms%n", what, run + 1, runs);
        List<Future<Map<String, Double>>> told = new ArrayList<>();
        for (Arm arm : arms) {
          told.add(together.submit(() -> trial.run(arm)));
        }
        for (int i = 0; i < arms.size(); i++) {
          Arm arm = arms.get(i);
          told.get(i).get().forEach((name, value) -> results.add(arm, name, value));
        }
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      together.shutdownNow();
    }
    return results;
  }

  /**
   * Runs so many JVMs of every arm, one of each at the same time, in turn part by part: see {@link
   * Turn}.
   */
  static Results partByPart(String what, int runs, List<Arm> arms, Program program)
      throws IOException, InterruptedException {
    Results results = new Results();
    for (int run = 0; run < runs; run++) {
      System.err.printf("%s: %d of %d, all arms%n", what, run + 1, runs);
      List<Arm> turn = new ArrayList<>(arms);
      Collections.rotate(turn, -run);
      List<List<String>> commands = new ArrayList<>();
      for (Arm arm : turn) {
        commands.add(program.command(arm));
      }
      Turn.all(results, turn, commands);
    }
    return results;
  }

  /** Adds a figure of an arm. */
  void add(Arm arm, String name, double value) {
    names.add(name);
    values
        .computeIfAbsent(arm, added -> new HashMap<>())
        .computeIfAbsent(name, added -> new ArrayList<>())
        .add(value);
  }

  /** The figures there are, in the order in which they came. */
  Set<String> names() {
    return names;
  }

  /** What an arm gave for a figure; it must have given one. */
  Samples of(Arm arm, String name) {
    return Samples.of(values.get(arm).get(name));
  }

  /** The median of an arm. */
  double median(Arm arm, String name) {
    return of(arm, name).median();
  }

  /** The median of an arm's ratios to {@link Arm#BARE}, each to what that gave in the same turn. */
  double ratio(Arm arm, String name) {
    List<Double> bare = values.get(Arm.BARE).get(name);
    List<Double> ratios = new ArrayList<>(values.get(arm).get(name));
    if (ratios.size() != bare.size()) {
      throw new IllegalStateException(
          ratios.size() + " figures in place of " + bare.size() + " of " + arm + ", " + name);
    }
    for (int i = 0; i < ratios.size(); i++) {
      ratios.set(i, ratios.get(i) / bare.get(i));
    }
    return Samples.of(ratios).median();
  }

  /** By how much the median of an arm is above that of {@link Arm#BARE}. */
  double more(Arm arm, String name) {
    return median(arm, name) - median(Arm.BARE, name);
  }

  /**
   * Minimum, median and maximum of an arm, divided by {@code unit}, and for all but {@link
   * Arm#BARE} in brackets the ratio to that.
   */
  String text(Arm arm, String name, int decimals, double unit) {
    String text = of(arm, name).text(decimals, unit);
    return arm.equals(Arm.BARE) ? text : text + " (" + Table.number(ratio(arm, name), 2) + ")";
  }
}
