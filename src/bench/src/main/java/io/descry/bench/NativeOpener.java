package io.descry.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;

/**
 * What an open and close by native code costs with Descry, against a bare JVM in the same run:
 * libuv's {@code uv_fs_open} and {@code uv_fs_close}, and a connection of sqlite-jdbc to a file.
 */
public final class NativeOpener {
  private static final int[] DEPTHS = {10, 50, 200};
  private static final int ROUND = Bench.quick(100, 30);

  private NativeOpener() {}

  /** Measures and prints; see {@link Bench}. */
  public static void main(String[] arguments) throws Exception {
    Bench bench = new Bench(NativeOpener.class, arguments, 5);
    bench.print(
        "CPU time of an open and close, µs, minimum / median / maximum; in brackets the"
            + " median of the ratios to the bare JVM of the same turn.\n");
    for (Jdk jdk : bench.jdks()) {
      Table table = new Table(jdk.name(), "depth", "bare", "Descry", "stacks=all", "native=off");
      Table clock = new Table(jdk.name(), "depth", "bare", "Descry", "stacks=all", "native=off");
      for (Opener opener : Opener.values()) {
        Results results =
            Results.partByPart(
                jdk.name() + ", " + opener.title,
                bench.runs(),
                Arm.ALL,
                arm -> new Jvm(jdk, arm).withLibraries().command(Loop.class, opener));
        for (int depth : DEPTHS) {
          row(table, results, opener, depth, " cpu");
          row(clock, results, opener, depth, "");
        }
      }
      bench.print(table);
      bench.detail(jdk.name() + "; the same, of the clock", clock);
    }
  }

  private static void row(Table table, Results results, Opener opener, int depth, String time) {
    Object[] cells = new Object[2 + Arm.ALL.size()];
    cells[0] = opener.title;
    cells[1] = depth;
    for (int i = 0; i < Arm.ALL.size(); i++) {
      cells[2 + i] = results.text(Arm.ALL.get(i), depth + time, 1, 1000);
    }
    table.row(cells);
  }

  private enum Opener {
    LIBUV_DEVICE("libuv, /dev/null") {
      @Override
      Deep.Step step() {
        Libuv libuv = new Libuv();
        return () -> libuv.openAndClose(Opening.FILE);
      }
    },
    LIBUV_FILE("libuv, a file") {
      @Override
      Deep.Step step() throws Exception {
        Libuv libuv = new Libuv();
        String file = file("read").toString();
        return () -> libuv.openAndClose(file);
      }
    },
    SQLITE("sqlite-jdbc, a connection") {
      @Override
      Deep.Step step() throws Exception {
        String url = "jdbc:sqlite:" + file("db");
        return () -> DriverManager.getConnection(url).close();
      }
    };

    /** As tables call it. */
    final String title;

    Opener(String title) {
      this.title = title;
    }

    /** What opens and closes one. */
    abstract Deep.Step step() throws Exception;

    private static Path file(String name) throws Exception {
      Path file = Files.createTempFile("descry-bench", name);
      file.toFile().deleteOnExit();
      return file;
    }
  }

  /**
   * Measures one opener. Run in a JVM of its own.
   *
   * <p>Arguments: which.
   */
  static final class Loop {
    private Loop() {}

    /** Measures; see the class. */
    public static void main(String[] arguments) throws Exception {
      List<Deep.Step> steps = List.of(Opener.valueOf(arguments[0]).step());
      Bench.settle();
      Rounds.of(steps, DEPTHS[0], ROUND * 2);
      for (int depth : DEPTHS) {
        Turn.end();
        Rounds.of(steps, depth, ROUND).print(Integer.toString(depth));
      }
    }
  }
}
