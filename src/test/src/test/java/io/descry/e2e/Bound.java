package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Descry may cost at most, in figures that no other work on the machine changes. Each line
 * says what was measured on 2026-11-23 with JDK 17.0.15, what with 25.0.3, both on Linux 6.18, and
 * how much more is allowed before {@link CostTest} fails. Lower the figures when Descry gets
 * cheaper.
 */
enum Bound {
  // Exact without the optimising compiler; the smallest object takes 16.
  FILE_INPUT_STREAM(96, 96, 8, Bound.ALLOCATED),
  FILE_CHANNEL(96, 96, 8, Bound.ALLOCATED),
  SOCKET(192, 192, 8, Bound.ALLOCATED),
  SOCKET_CHANNEL(192, 192, 8, Bound.ALLOCATED),

  // The JDK decides most of it: a tenth.
  FILE_INPUT_STREAM_WITH_STACK(1_496, 1_512, 150, Bound.ALLOCATED_WITH_STACK),
  FILE_CHANNEL_WITH_STACK(2_176, 2_200, 220, Bound.ALLOCATED_WITH_STACK),
  SOCKET_WITH_STACK(3_672, 3_712, 370, Bound.ALLOCATED_WITH_STACK),
  SOCKET_CHANNEL_WITH_STACK(3_672, 3_712, 370, Bound.ALLOCATED_WITH_STACK),

  // An object more; what the JVM itself keeps differs a little from run to run. Of 2026-11-30, 20
  // more than before: 9 of them are the arrays by number of what was last read of the tracer's
  // table.
  HEAP_OF_A_DESCRIPTOR(310, 306, 20, "bytes of heap kept of each open file, after scans"),

  // Which are looked at anew differs from scan to scan; it is half of those at 1,000.
  CALLS_AT_1000_DESCRIPTORS(6_400, 6_400, 350, "system calls of a scan of 1,000 descriptors"),
  CALLS_OF_100_DESCRIPTORS(226, 226, 25, "system calls of a scan for 100 descriptors more");

  private static final String ALLOCATED =
      "bytes that an open and close allocates above the bare JVM";
  private static final String ALLOCATED_WITH_STACK = ALLOCATED + ", with stacks of 50 frames";

  private final int on17;
  private final int on25;
  private final int margin;
  private final String what;

  Bound(int on17, int on25, int margin, String what) {
    this.on17 = on17;
    this.on25 = on25;
    this.margin = margin;
    this.what = what;
  }

  /** Fails when a figure is beyond the bound. */
  void check(Jdks.Jdk jdk, double figure) {
    int recorded = jdk.feature() < 24 ? on17 : on25;
    System.out.printf("%s %s: %.1f, recorded %d + %d%n", jdk, this, figure, recorded, margin);
    assertThat(figure)
        .as(
            "%s, %s: %s are %.1f; %d are recorded and %d more allowed. Descry costs more than it"
                + " did: make it cheaper, or change the figure in %s and say why it must be so",
            this, jdk, what, figure, recorded, margin, Bound.class.getSimpleName())
        .isLessThanOrEqualTo(recorded + margin);
  }
}
