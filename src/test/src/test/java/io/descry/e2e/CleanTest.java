package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs that do not leak get no finding, at any confidence: neither under load, nor after it.
 */
class CleanTest {
  private static final String SECONDS = "32";

  private static final List<List<String>> PROGRAMS =
      List.of(
          List.of("netty", "vertx"),
          List.of("libuv", "sqlite", "hikari", "rocksdb"),
          List.of("http", "bursts", "walks", "processes", "loaders", "watches", "idle", "filling"));

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void healthyProgramsGetNoFinding(Jdks.Jdk jdk) {
    SharedLibrary.libuv();
    try (Running programs = new Running()) {
      for (List<String> habits : PROGRAMS) {
        DescryJvm jvm = new DescryJvm(jdk, "clean-" + habits.get(0)).withLibraries();
        String[] arguments =
            java.util.stream.Stream.concat(
                    java.util.stream.Stream.of(jvm.directory().resolve("work").toString(), SECONDS),
                    habits.stream())
                .toArray(String[]::new);
        programs.add(habits.toString(), jvm.main("io.descry.lab.clean.Clean", arguments).start());
      }
      programs.each(program -> program.hear("ready"));
      programs.each(RunningJvm::awaitSettled);
      programs.each(program -> program.say("go"));
      programs.each(program -> program.hear("loaded"));
      programs.each(
          (habits, program) ->
              assertThat(program.dump("loaded").findings()).as("%s under load", habits).isEmpty());
      programs.each(program -> program.say("close"));
      programs.each(program -> program.hear("closed"));
      programs.each(
          (habits, program) -> {
            program.terminate();
            assertThat(program.report().findings()).as("%s when closed", habits).isEmpty();
            // A burst may outrun the budget for stacks, which then says so; nothing else may be
            // missing.
            assertThat(program.report().blind())
                .as("%s blind", habits)
                .allMatch(blind -> blind.contains("stacks"));
          });
    }
  }
}
