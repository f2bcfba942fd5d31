package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.descry.e2e.Report.Finding;
import io.descry.lab.leaks.NativeHazards;
import io.descry.lab.leaks.NativeRaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Native code that misuses its descriptors is told of, and what nearly is that is not. */
class HazardsTest {
  private static final String LAB = "io.descry.lab.leaks.NativeHazards.";

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void everyMisuseIsFoundAndNothingElse(Jdks.Jdk jdk) {
    try (RunningJvm program = start(jdk, "misuse")) {
      awaitReady(program);
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
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void whatIsNearlyMisuseIsNotTold(Jdks.Jdk jdk) {
    try (RunningJvm program = start(jdk, "nearly")) {
      awaitReady(program);
      assertThat(run(program)).isEmpty();
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void whatWasClosedUnderAThreadIsFoundWhereItIsHardToTell(Jdks.Jdk jdk) {
    try (RunningJvm program = startRaces(jdk, "misuse")) {
      scans(program, 2);
      List<Finding> findings = run(program);
      System.out.println(jdk + " " + findings);
      assertThat(findings)
          .allSatisfy(
              finding -> {
                assertThat(finding.rule()).isEqualTo("close-under-use");
                assertThat(finding.hazard()).isTrue();
                assertThat(finding.count()).isEqualTo(NativeRaces.TIMES);
                assertThat(finding.group().library()).contains("jna");
                boolean read = finding.evidence().get(0).contains(" waits in read ");
                assertThat(finding.confidence()).isEqualTo(read ? "certain" : "probable");
              });
      assertThat(findings.stream().flatMap(finding -> finding.evidence().stream()))
          .hasSize(3 * NativeRaces.TIMES)
          .allMatch(text -> text.contains("close of libjnidispatch.so closed it at"))
          .haveExactly(
              NativeRaces.TIMES,
              matching(
                  "thread reader-60\\d \\(\\d+\\) waits in read on what descriptor 60\\d was, .*"))
          .haveExactly(
              NativeRaces.TIMES,
              matching(
                  "thread poller-\\d .* waits in poll on descriptors of which 61\\d is closed.*"))
          .haveExactly(
              NativeRaces.TIMES,
              matching(
                  "thread selecting-\\d .* waits in select on descriptors of which 62\\d is closed.*"));
    }
  }

  private static Condition<String> matching(String pattern) {
    return new Condition<>(text -> text.matches(pattern), pattern);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void whatThreadsOnlySeemToWaitOnIsNotTold(Jdks.Jdk jdk) {
    try (RunningJvm program = startRaces(jdk, "nearly")) {
      scans(program, 1);
      assertThat(run(program)).isEmpty();
    }
  }

  private static RunningJvm startRaces(Jdks.Jdk jdk, String what) {
    return new DescryJvm(jdk, "races-" + what)
        .withLibraries()
        .jvm("-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.PollSelectorProvider")
        .main("io.descry.lab.leaks.NativeRaces", what)
        .start();
  }

  /** Lets scans see what the program has done, as often as it asks for it. */
  private static void scans(RunningJvm program, int times) {
    awaitReady(program);
    for (int i = 0; i < times; i++) {
      program.say("go");
      program.hear(NativeRaces.SCAN);
      program.awaitSettled();
      // Each is a scan, however busy the machine is.
      program.dump("one");
      program.dump("another");
    }
  }

  private static RunningJvm start(Jdks.Jdk jdk, String what) {
    return new DescryJvm(jdk, "hazards-" + what)
        .withLibraries()
        .main("io.descry.lab.leaks.NativeHazards", what)
        .start();
  }

  private static void awaitReady(RunningJvm program) {
    program.hear("ready");
    program.awaitSettled();
  }

  private static List<Finding> run(RunningJvm program) {
    program.say("go");
    program.hear("done");
    program.awaitSettled();
    program.dump("one");
    program.dump("another");
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
        case "close-under-use" -> checkWait(evidence.path("text").asText(), said(command));
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

  /** What the thread waits in and on, and whether it has slept all the while. */
  private static void checkWait(String text, String said) {
    Matcher told =
        Pattern.compile("waits in (\\w+) on .*?descriptors? (?:of which )?(\\d+)").matcher(text);
    assertThat(told.find()).as(text).isTrue();
    int number = Integer.parseInt(told.group(2));
    String call =
        switch (told.group(1)) {
          case "read" -> "\\d+ 0x" + Integer.toHexString(number) + " ";
          case "poll" -> "(7|271|73) 0x\\w+ 0x2 ";
          default -> "(23|270|72) 0x" + Integer.toHexString(number + 1) + " 0x0 0x0 0x\\w+ ";
        };
    assertThat(said).as(text).containsPattern("(?m)^" + call);
    Matcher slept = Pattern.compile("voluntary_ctxt_switches is still (\\d+)").matcher(text);
    if (slept.find()) {
      assertThat(said)
          .as(text)
          .containsPattern("(?m)^voluntary_ctxt_switches:\\s" + slept.group(1) + "$");
    }
    if (text.contains("another is now")) {
      assertThat(said).contains("fd/" + number + " -> anon_inode:[eventfd]");
    } else {
      assertThat(said).contains("No such file or directory");
    }
    switch (told.group(1)) {
      case "poll" -> assertThat(said).as(text).containsPattern("(?m)^" + number + "$");
      case "select" -> assertThat(said).as(text).containsPattern("(?m)^1$");
      default -> assertThat(said).as("no memory is read").doesNotContainPattern("(?m)^\\d+$");
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
