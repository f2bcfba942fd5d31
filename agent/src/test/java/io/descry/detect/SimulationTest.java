package io.descry.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The detector against many programs that leak or do not, each in many runs of fixed seeds. */
class SimulationTest {
  /** More, for whoever has the time: -Ddescry.simulation.runs=200. */
  private static final int RUNS = Integer.getInteger("descry.simulation.runs", 50);

  private static final int SCANS = 400;
  private static final int LEAKING_RUNS = 20;

  /** What these hold really becomes more, though none of it is leaked. */
  private static final Set<Clean> GROWING =
      EnumSet.of(
          Clean.POOL_FILLS_SLOWLY_AND_EVENLY,
          Clean.POOL_FILLS_AS_THE_USERS_COME,
          Clean.POOL_FILLS_BESIDE_BRIEF_ONES,
          Clean.HOT_ONES_ARE_KEPT_BESIDE_BRIEF_ONES,
          Clean.CACHE_BESIDE_BRIEF_ONES,
          Clean.LEAST_RECENTLY_USED_ARE_CLOSED,
          Clean.SELECTOR_FOR_EACH_THREAD,
          Clean.SERVER_WITH_MORE_AND_MORE_CLIENTS,
          Clean.CLIENT_WITH_SOCKETS_IN_USE);

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void sayNothingOfWhatDoesNotLeak(Clean program) {
    List<String> findings = new ArrayList<>();
    for (long seed = 1; seed <= RUNS; seed++) {
      World world = new World(seed, Duration.ofSeconds(seed % 2 == 0 ? 1 : 30));
      Consumer<World> step = program.start(world);
      Detector detector = new Detector(1, List::of, Thresholds.DEFAULT);
      for (int scan = 1; scan <= SCANS; scan++) {
        step.accept(world);
        Verdict verdict = detector.examine(world.observe());
        boolean grows = verdict.growthPerSecond() > 0 && !GROWING.contains(program);
        if (grows || !verdict.findings().isEmpty()) {
          findings.add("seed " + seed + ", scan " + scan + ": " + verdict);
          break;
        }
      }
    }
    System.out.printf("%-36s %d runs, %d findings%n", program, RUNS, findings.size());
    assertThat(findings).isEmpty();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void findEveryLeakInTime(Leaky program) {
    List<Integer> scans = new ArrayList<>();
    for (long seed = 1; seed <= LEAKING_RUNS; seed++) {
      World world = new World(seed, Duration.ofSeconds(1));
      Detector detector = new Detector(1, List::of, Thresholds.DEFAULT);
      int scan = 0;
      boolean found = false;
      while (!found && scan <= program.by) {
        scan++;
        program.program.accept(world);
        found = !detector.examine(world.observe()).findings().isEmpty();
      }
      scans.add(scan);
    }
    Collections.sort(scans);
    System.out.printf(
        "%-28s found at scan: first %4d, median %4d, 95 %% %4d, last %4d (by %d)%n",
        program,
        scans.get(0),
        scans.get(LEAKING_RUNS / 2),
        scans.get(LEAKING_RUNS * 95 / 100),
        scans.get(LEAKING_RUNS - 1),
        program.by);
    assertThat(scans.get(LEAKING_RUNS - 1)).isLessThanOrEqualTo(program.by);
  }
}
