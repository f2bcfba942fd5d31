package io.descry.lab.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The judge is judged: what it must not let pass. */
class ScoreTest {
  private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Cause FILES = Cause.java("Some$Program.leak", "file");
  private static final Cause LOOPS =
      Cause.library("some-loop", Map.of("eventpoll", 1, "eventfd", 2));

  private static Reported inJava(String confidence, String method, int count) {
    JsonArray site =
        new JsonArray(List.of("io.descry.lab.Some$Program." + method + "(Some.java:1)"));
    return new Reported(
        "growth-1",
        "growth",
        confidence,
        false,
        "java",
        null,
        site,
        Set.of("file"),
        count,
        BEGAN.plusSeconds(12),
        false);
  }

  private static Reported ofLoops(Set<String> kinds, int count) {
    return new Reported(
        "growth-2",
        "growth",
        "probable",
        false,
        "library",
        "some-loop",
        new JsonArray(),
        kinds,
        count,
        BEGAN.plusSeconds(12),
        false);
  }

  private static Outcome outcome(List<Cause> causes, Reported... findings) {
    return new Outcome(
        "some", null, causes, 100, BEGAN, Duration.ofSeconds(100), List.of(findings));
  }

  private static Score score(Outcome outcome) {
    return new Score(List.of(outcome));
  }

  @Test
  void aFindingOnTheSiteWithTheCountIsTrue() {
    Outcome outcome = outcome(List.of(FILES), inJava("probable", "leak", 97));
    assertThat(outcome.falseFindings()).isEmpty();
    assertThat(outcome.detection(FILES)).contains(Duration.ofSeconds(12));
    assertThat(score(outcome).passed()).isTrue();
    assertThat(score(outcome).table(true)).contains("| yes | 13 | 12.0 |");
  }

  @Test
  void aFindingOnAnotherSiteIsFalse() {
    Outcome outcome = outcome(List.of(FILES), inJava("probable", "healthy", 97));
    assertThat(outcome.falseFindings()).hasSize(1);
    assertThat(outcome.detection(FILES)).isEmpty();
    assertThat(score(outcome).passed()).isFalse();
    assertThat(score(outcome).table(true)).contains("| NO |", "| 0 | 0.0 % | 0 of 1 | 0.0 % |");
  }

  @Test
  void aFindingThatCountsTooManyOrTooFewIsFalse() {
    assertThat(outcome(List.of(FILES), inJava("certain", "leak", 150)).falseFindings()).hasSize(1);
    assertThat(outcome(List.of(FILES), inJava("certain", "leak", 60)).falseFindings()).hasSize(1);
  }

  @Test
  void aFalseSuspectIsForgivenWhereSomethingLeaksAndNowhereElse() {
    assertThat(score(outcome(List.of(FILES), inJava("suspect", "healthy", 9))).passed()).isTrue();
    assertThat(score(outcome(List.of(), inJava("suspect", "healthy", 9))).passed()).isFalse();
  }

  @Test
  void theKindsOfOneCauseMayBeOneFindingOrSeveral() {
    Outcome merged = outcome(List.of(LOOPS), ofLoops(Set.of("eventpoll", "eventfd"), 300));
    assertThat(merged.about(LOOPS)).hasSize(1);
    Outcome apart =
        outcome(List.of(LOOPS), ofLoops(Set.of("eventpoll"), 100), ofLoops(Set.of("eventfd"), 200));
    assertThat(apart.about(LOOPS)).hasSize(2);
    assertThat(outcome(List.of(LOOPS), ofLoops(Set.of("timerfd"), 100)).falseFindings()).hasSize(1);
  }

  @Test
  void aConsequenceIsNeitherTrueNorFalseNorMissed() {
    Cause consequence = FILES.that(Cause.Fate.CONSEQUENCE);
    Outcome told = outcome(List.of(LOOPS, consequence), inJava("probable", "leak", 3));
    assertThat(told.falseFindings()).isEmpty();
    assertThat(told.wanted()).containsExactly(LOOPS);
    assertThat(told.about(consequence)).isEmpty();
  }

  @Test
  void aWrongLabelFails() {
    Outcome wrong =
        new Outcome("some", "it is not so", List.of(), 0, null, Duration.ZERO, List.of());
    assertThat(score(wrong).passed()).isFalse();
    assertThat(score(wrong).table(false)).contains("WRONG LABEL: it is not so");
  }

  @Test
  void theKernelContradictsALabel() {
    Map<String, Integer> before = Map.of("file", 10, "pipe", 2);
    Map<String, Integer> label = Map.of("file", 20);
    assertThat(Truth.compare(before, Map.of("file", 30, "pipe", 2), label)).isNull();
    assertThat(Truth.compare(before, Map.of("file", 29, "pipe", 2), label)).isNotNull();
    assertThat(Truth.compare(before, Map.of("file", 39, "pipe", 2), label)).isNotNull();
    assertThat(Truth.compare(before, Map.of("file", 30, "eventfd", 9), label)).isNotNull();
  }

  @Test
  void everyProgramHasANameOfItsOwnAndALabelAndTwoMinutesAtMost() {
    assertThat(Catalog.ALL).extracting(Catalog.Entry::name).doesNotHaveDuplicates();
    assertThat(Catalog.ALL)
        .allSatisfy(
            entry -> {
              Program program = entry.program();
              assertThat(program.seconds()).isBetween(20, 120);
              assertThat(program.truth().causes().isEmpty())
                  .isEqualTo(entry.name().startsWith("clean-"));
            });
  }
}
