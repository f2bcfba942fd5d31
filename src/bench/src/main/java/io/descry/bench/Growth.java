package io.descry.bench;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import javax.management.ObjectName;

/**
 * Whether Descry's own memory grows with what a program has opened and closed: an hour's worth, at
 * a thousand opens a second, as fast as it goes, with the heap looked at after each quarter.
 */
public final class Growth {
  private static final String SCANS = "interval=500ms";
  private static final int QUARTERS = 4;

  private Growth() {}

  /** Measures and prints; see {@link Bench}. */
  public static void main(String[] arguments) throws Exception {
    Bench bench = new Bench(Growth.class, arguments, 5);
    bench.print(
        "After full collections, KiB, minimum / median / maximum; `interval=500ms`; "
            + Table.number(QUARTERS * Hour.QUARTER, 0)
            + " opens and closes in all.\n");
    for (Jdk jdk : bench.jdks()) {
      Results results =
          Results.sideBySide(
              jdk.name() + ", growth",
              bench.runs(),
              Arm.allWith(SCANS),
              arm -> new Jvm(jdk, arm, "-Xmx512m").run(Hour.class));
      for (String what : new String[] {Hour.HEAP, Hour.OWN}) {
        Table table = new Table(jdk.name(), "arm", "1/4", "1/2", "3/4", "end");
        for (Arm arm : Arm.allWith(SCANS)) {
          Object[] cells = new Object[2 + QUARTERS];
          cells[0] = what;
          cells[1] = arm.name();
          for (int quarter = 0; quarter < QUARTERS; quarter++) {
            cells[2 + quarter] = results.of(arm, what + quarter).text(0, 1 << 10);
          }
          table.row(cells);
        }
        bench.print(table);
      }
    }
  }

  /** Opens and closes an hour's worth. Run in a JVM of its own. */
  static final class Hour {
    static final int QUARTER = Bench.quick(900_000, 50_000);
    static final String HEAP = "heap";
    static final String OWN = "objects of Descry's classes";

    private Hour() {}

    /** Measures; see the class. */
    public static void main(String[] arguments) throws Exception {
      Churn.Uses uses = new Churn.Uses();
      // What asking for the first time takes is not to look like growth.
      own();
      for (int quarter = 0; quarter < QUARTERS; quarter++) {
        for (int i = 0; i < QUARTER; i++) {
          uses.one();
        }
        // So that scans have seen it all.
        Bench.settle();
        System.out.printf(Locale.ROOT, "%s%d\t%d%n", HEAP, quarter, Memory.heap());
        System.out.printf(Locale.ROOT, "%s%d\t%d%n", OWN, quarter, own());
      }
    }

    // Rows are "number: instances bytes class (module)"; each call makes a full collection.
    private static long own() throws Exception {
      String histogram =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "gcClassHistogram",
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()});
      return histogram
          .lines()
          .map(line -> line.trim().split("\\s+"))
          .filter(row -> row.length > 3 && row[3].contains("io.descry."))
          .filter(row -> !row[3].startsWith("io.descry.bench."))
          .mapToLong(row -> Long.parseLong(row[2]))
          .sum();
    }
  }
}
