package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.e2e.Report.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is opened for milliseconds is seen by no scan, and yet tells what was forgotten at the same
 * place.
 */
class BriefUsesTest {
  private static final String SECONDS = "50";
  private static final int POOL = 20;

  /** What was forgotten is told from the rest after so many scans, which a busy machine has not. */
  private static final int STRETCHES = 4;

  /** What is opened, and the owner and kind that it must have. */
  private static final Map<String, List<String>> OPENED =
      Map.of(
          "file", List.of("java", "file"),
          "socket", List.of("java", "socket.udp"),
          "libuv", List.of("library", "file"));

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void oneInAHundredThatIsForgottenIsFoundAndAPoolIsNot(Jdks.Jdk jdk) {
    SharedLibrary.libuv();
    try (Running programs = new Running()) {
      for (String what : OPENED.keySet()) {
        programs.add("forgets " + what, start(jdk, "forgets", what, Integer.MAX_VALUE));
        programs.add("keeps " + what, start(jdk, "keeps", what, POOL));
      }
      programs.each(program -> program.hear("ready"));
      programs.each(RunningJvm::awaitSettled);
      Instant begun = Instant.now();
      programs.each(program -> program.say("go"));
      programs.each(
          (name, program) -> {
            String kept = program.hear("kept ");
            Report report = program.dump("end");
            if (name.startsWith("keeps")) {
              assertThat(kept).isEqualTo("kept " + POOL);
              assertThat(report.findings()).as(name).isEmpty();
            } else {
              for (int i = 1; i < STRETCHES && report.findings().isEmpty(); i++) {
                program.say("go");
                program.hear("kept ");
                report = program.dump("end");
              }
              judge(jdk, name, report, begun);
            }
          });
    }
  }

  private static RunningJvm start(Jdks.Jdk jdk, String does, String what, int most) {
    return new DescryJvm(jdk, "brief-" + does + "-" + what)
        .withLibraries()
        .main("io.descry.lab.leaks.BriefUses", what, SECONDS, Integer.toString(most))
        .start();
  }

  private static void judge(Jdks.Jdk jdk, String name, Report report, Instant begun) {
    List<String> expected = OPENED.get(name.substring(name.indexOf(' ') + 1));
    assertThat(report.findings()).as(name).hasSize(1);
    Finding finding = report.findings().get(0);
    Instant seen = Instant.parse(report.json().at("/findings/0/firstSeen").asText());
    System.out.printf(
        "%s %s: found %d scans after the first request, %s, x%d, %s%n",
        jdk,
        name,
        Duration.between(begun, seen).dividedBy(Duration.ofMillis(500)),
        finding.confidence(),
        finding.count(),
        finding.evidence());
    assertThat(finding.rule()).as(name).isEqualTo("lifetime-outlier");
    assertThat(finding.group().owner()).isEqualTo(expected.get(0));
    assertThat(finding.group().kind()).isEqualTo(expected.get(1));
    assertThat(finding.group().siteHas("BriefUses.request(")).isTrue();
    assertThat(finding.evidence()).anyMatch(text -> text.contains("were seen to be closed"));
  }
}
