package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.descry.e2e.Report.Finding;
import io.descry.lab.leaks.NativeHazards;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Native code that misuses its descriptors is told of, and what nearly is that is not. */
class HazardsTest {
  private static final String LAB = "io.descry.lab.leaks.NativeHazards.";

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void everyMisuseIsFoundAndNothingElse(Jdks.Jdk jdk) {
    try (RunningJvm program = start(jdk, "misuse")) {
      List<Finding> findings = run(program);
      System.out.println(jdk + " " + findings);
      assertThat(findings)
          .extracting(Finding::rule)
          .containsExactlyInAnyOrder("double-close", "close-under-use", "inherited");
      assertThat(findings)
          .allSatisfy(
              finding -> {
                assertThat(finding.hazard()).isTrue();
                assertThat(finding.confidence()).isEqualTo("certain");
                assertThat(finding.group().owner()).isEqualTo("library");
                assertThat(finding.group().library()).contains("jna");
              });
      Finding twice = of(findings, "double-close");
      assertThat(twice.count()).isEqualTo(NativeHazards.TIMES);
      assertThat(twice.group().siteHas(LAB + "closeAgain(")).isTrue();
      assertThat(twice.evidence())
          .hasSize(NativeHazards.TIMES)
          .allMatch(text -> text.matches("close of \\S+ was called on descriptor 70[0-2] at .*"))
          .allMatch(text -> text.contains("EBADF, for close of libjnidispatch.so had closed it at"))
          .allMatch(text -> text.contains("dup2 of libjnidispatch.so had opened it"));
      Finding use = of(findings, "close-under-use");
      assertThat(use.count()).isEqualTo(NativeHazards.TIMES);
      assertThat(use.group().siteHas(LAB + "closeUnderReader(")).isTrue();
      assertThat(use.evidence())
          .allMatch(
              text ->
                  text.matches(
                      "thread reader-80[0-2] \\(\\d+\\) waits in read on descriptor 80[0-2],.*"))
          .allMatch(text -> text.contains("close of libjnidispatch.so closed it at"));
      Finding inherited = of(findings, "inherited");
      assertThat(inherited.count()).isEqualTo(1);
      assertThat(inherited.group().siteHas(LAB + "open(")).isTrue();
      assertThat(inherited.evidence())
          .singleElement()
          .asString()
          .matches("child process \\d+ \\(sleep\\) holds descriptor 900 \\(eventfd, .*");
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void whatIsNearlyMisuseIsNotTold(Jdks.Jdk jdk) {
    try (RunningJvm program = start(jdk, "nearly")) {
      assertThat(run(program)).isEmpty();
    }
  }

  private static RunningJvm start(Jdks.Jdk jdk, String what) {
    return new DescryJvm(jdk, "hazards-" + what)
        .withLibraries()
        .main("io.descry.lab.leaks.NativeHazards", what)
        .start();
  }

  private static List<Finding> run(RunningJvm program) {
    program.hear("ready");
    program.awaitSettled();
    program.say("go");
    program.hear("done");
    program.awaitSettled();
    Report report = program.dump("done");
    List<Finding> findings = report.findings();
    report.json().path("findings").forEach(finding -> checkByHand(program, finding));
    program.say("end");
    assertThat(program.await()).isZero();
    // Closing twice for the onlooker was at another site.
    assertThat(rules(program.report().findings())).isEqualTo(rules(findings));
    return findings;
  }

  private static Set<String> rules(List<Finding> findings) {
    return findings.stream().map(Finding::rule).collect(Collectors.toSet());
  }

  /** The commands that the report names show what it says. */
  private static void checkByHand(RunningJvm program, JsonNode finding) {
    for (JsonNode evidence : finding.path("evidence")) {
      String command = evidence.path("check").asText();
      switch (finding.path("rule").asText()) {
        case "close-under-use" ->
            // The call is read(2), its number 800 to 802.
            assertThat(said(command))
                .containsPattern("(?m)^\\d+ 0x32[0-2] 0x")
                .contains("No such file or directory");
        case "inherited" ->
            assertThat(said(command))
                .containsPattern("(?s)anon_inode:\\[eventfd\\].*anon_inode:\\[eventfd\\]")
                .containsPattern("flags:\\s+02\\n");
        default -> {
          // It shows closes while they fail; one is as good as the other.
          program.say("again");
          program.hear("again");
          assertThat(said(command)).containsPattern("close\\(700\\)\\s+= -1 EBADF");
          return;
        }
      }
    }
  }

  private static String said(String command) {
    try {
      Process process = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Finding of(List<Finding> findings, String rule) {
    return findings.stream()
        .filter(finding -> finding.rule().equals(rule))
        .findFirst()
        .orElseThrow();
  }
}
