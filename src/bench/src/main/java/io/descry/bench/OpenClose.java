package io.descry.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What an open and close costs with Descry, against a bare JVM in the same run: of the kinds of
 * {@link Opening}, by one thread and by two, at three depths of the stack, with few and many
 * descriptors held. What it prints is time of the processor, which other work on the machine
 * disturbs least; time of the clock is in the file beside.
 */
public final class OpenClose {
  private static final int[] THREADS = {1, 2};
  private static final int[] DEPTHS = Bench.QUICK ? new int[] {50} : new int[] {10, 50, 200};
  private static final int SOME = 10_000;
  private static final int MANY = 100_000;

  private OpenClose() {}

  /** Measures and prints; see {@link Bench}. */
  public static void main(String[] arguments) throws Exception {
    Bench bench = new Bench(OpenClose.class, arguments, 5);
    int many = Machine.holdable(MANY);
    bench.print(
        "CPU time of an open and close, median of the ratios to the bare JVM of the same turn.\n"
            + Machine.shortOf(MANY, many));
    for (Jdk jdk : bench.jdks()) {
      Table ratios = ratios(jdk);
      Table clock = ratios(jdk);
      Table detail = new Table("kind", "threads", "held", "depth", "arm", "clock, ns", "CPU, ns");
      for (Opening kind : Opening.values()) {
        Results results =
            Results.partByPart(
                jdk.name() + ", " + kind.title,
                bench.runs(),
                Arm.ALL,
                arm -> new Jvm(jdk, arm).command(Loop.class, kind, 0, SOME, many));
        for (int threads : THREADS) {
          for (int held : new int[] {0, SOME, many}) {
            row(ratios, results, kind, threads, held, " cpu");
            row(clock, results, kind, threads, held, "");
            details(detail, results, kind, threads, held);
          }
        }
      }
      bench.print(ratios);
      bench.detail(jdk.name() + "; time of the clock, likewise", clock);
      bench.detail(jdk.name() + "; minimum / median / maximum", detail);
    }
  }

  private static Table ratios(Jdk jdk) {
    List<String> columns = new ArrayList<>(List.of(jdk.name(), "threads", "held", "bare, µs"));
    for (Arm arm : Arm.WITH_DESCRY) {
      for (int depth : DEPTHS) {
        columns.add(arm.name() + ", depth " + depth);
      }
    }
    return new Table(columns.toArray(String[]::new));
  }

  private static void row(
      Table table, Results results, Opening kind, int threads, int held, String time) {
    List<Object> cells =
        new ArrayList<>(
            List.of(
                kind.title,
                threads,
                Table.number(held, 0),
                Table.number(
                    results.median(Arm.BARE, name(threads, held, DEPTHS[0]) + time) / 1000, 1)));
    for (Arm arm : Arm.WITH_DESCRY) {
      for (int depth : DEPTHS) {
        cells.add(Table.number(results.ratio(arm, name(threads, held, depth) + time), 2));
      }
    }
    table.row(cells.toArray());
  }

  private static void details(Table table, Results results, Opening kind, int threads, int held) {
    for (int depth : DEPTHS) {
      for (Arm arm : Arm.ALL) {
        String name = name(threads, held, depth);
        table.row(
            kind.title,
            threads,
            held,
            depth,
            arm.name(),
            results.of(arm, name).text(0),
            results.of(arm, name + " cpu").text(0));
      }
    }
  }

  private static String name(int threads, int held, int depth) {
    return threads + " threads, " + held + " held, depth " + depth;
  }

  /**
   * Measures one kind. Run in a JVM of its own, so that the compiler's profile is of this kind
   * only.
   *
   * <p>Arguments: the kind; how many descriptors to hold, ascending.
   */
  static final class Loop {
    private static final int WARM_UP = Bench.quick(150, 50);
    private static final int ROUND = Bench.quick(50, 20);

    private Loop() {}

    /** Measures; see the class. */
    public static void main(String[] arguments) throws Exception {
      Opening kind = Opening.valueOf(arguments[0]);
      List<Deep.Step> steps = List.of(kind.step(), kind.step());
      Bench.settle();
      Rounds.of(steps, DEPTHS[0], WARM_UP);
      Held held = new Held();
      for (int i = 1; i < arguments.length; i++) {
        int wanted = Integer.parseInt(arguments[i]);
        held.files(wanted);
        for (int threads : THREADS) {
          for (int depth : DEPTHS) {
            Turn.end();
            Rounds.of(steps.subList(0, threads), depth, ROUND).print(name(threads, wanted, depth));
          }
        }
      }
    }
  }
}
