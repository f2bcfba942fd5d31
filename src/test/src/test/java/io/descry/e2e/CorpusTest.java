package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The command that scores the corpus, on the programs of it that are fast. */
class CorpusTest {
  private static final List<String> LEAKING = List.of("dropped-channels", "dropped-streams");
  private static final String CLEAN = "clean-churn";

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void fastProgramsAreJudgedRight(Jdks.Jdk jdk) {
    DescryJvm lab = new DescryJvm(jdk, "corpus").bare().withLibraries();
    try (RunningJvm running =
        lab.main(
                "io.descry.lab.corpus.Lab",
                DescryJvm.JAR.toString(),
                lab.directory().resolve("work").toString(),
                "--score",
                "--markdown",
                "--jobs=3",
                LEAKING.get(0),
                LEAKING.get(1),
                CLEAN)
            .start()) {
      int status = running.await();
      List<String> table = running.out();
      System.out.println(jdk + " corpus:\n" + String.join("\n", table));
      assertThat(status).as("%s\n%s", table, running.err()).isZero();
      for (String name : LEAKING) {
        assertThat(row(table, name)).contains(" x {", "| certain ", " | yes | ").endsWith(" |  |");
      }
      assertThat(row(table, CLEAN)).contains("| no leak |").endsWith(" |  |");
      assertThat(row(table, "certain")).contains("| 100.0 % | 2 of 2 | 100.0 % |");
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void anUnknownProgramIsAWrongUsage(Jdks.Jdk jdk) {
    DescryJvm lab = new DescryJvm(jdk, "corpus-usage").bare().withLibraries();
    try (RunningJvm running =
        lab.main("io.descry.lab.corpus.Lab", DescryJvm.JAR.toString(), "work", "no-such-program")
            .start()) {
      assertThat(running.await()).isEqualTo(2);
      assertThat(running.err()).anyMatch(line -> line.contains("no program no-such-program"));
    }
  }

  private static String row(List<String> table, String first) {
    return table.stream()
        .filter(line -> line.startsWith("| " + first + " |"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row " + first + " in " + table));
  }
}
