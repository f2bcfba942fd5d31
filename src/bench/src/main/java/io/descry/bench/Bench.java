package io.descry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the benchmarks have in common. Each is a program that is run from the root of the project
 * once that is built, and takes homes of JDKs as arguments; none: the one that runs it. It prints
 * its tables; progress goes to standard error, and what is too long for the tables to a file of the
 * benchmark's name in {@code src/bench/target}.
 */
final class Bench {
  /**
   * Whether this is only to see that a benchmark works: one JVM for each arm, and short. Its
   * figures say nothing.
   */
  static final boolean QUICK = Boolean.getBoolean("descry.bench.quick");

  private final List<Jdk> jdks = new ArrayList<>();
  private final int runs;
  private final Path detail;
  private final String header;

  /**
   * Begins a benchmark: prints when, where and on what it is run.
   *
   * @param program the benchmark
   * @param arguments of its {@code main}
   * @param runs how many JVMs each arm gets, unless {@code -Ddescry.bench.jvms} says another number
   */
  Bench(Class<?> program, String[] arguments, int runs) throws IOException {
    for (String home :
        arguments.length > 0 ? arguments : new String[] {System.getProperty("java.home")}) {
      jdks.add(Jdk.at(home));
    }
    this.runs = quick(Integer.getInteger("descry.bench.jvms", runs), 1);
    detail = Path.of("src/bench/target", program.getSimpleName() + "-detail.md");
    Files.deleteIfExists(detail);
    header =
        LocalDate.now()
            + ", "
            + Machine.describe()
            + ", JDK "
            + jdks.stream().map(Jdk::version).collect(Collectors.joining(" and "))
            + ", "
            + this.runs
            + " JVMs an arm"
            + (QUICK ? "; QUICK: figures of no value" : "");
    System.out.println(header + "\n");
  }

  /** The one or, when this is {@link #QUICK}, the other. */
  static int quick(int full, int quick) {
    return QUICK ? quick : full;
  }

  /**
   * Lets a measured program wait for what Descry starts beside it, the native tracer foremost; in
   * all arms alike.
   */
  static void settle() throws InterruptedException {
    Thread.sleep(1_500);
  }

  List<Jdk> jdks() {
    return jdks;
  }

  /** How many JVMs each arm gets. */
  int runs() {
    return runs;
  }

  /** Prints text or a table. */
  void print(Object text) {
    System.out.println(text);
  }

  /** Adds to the file of what is too long to print. */
  void detail(String heading, Object text) throws IOException {
    if (!Files.exists(detail)) {
      Files.writeString(detail, header + "\n\n");
    }
    Files.writeString(detail, heading + "\n\n" + text + "\n", StandardOpenOption.APPEND);
  }
}
