package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.descry.e2e.Report.Finding;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs that leak get a finding for each leak, with owner, kind, site and count; and none for
 * anything else.
 */
class LeaksTest {
  /**
   * Twice as many as a pool may hold: how many of the last ones a busy machine has not yet seen
   * often enough does not decide.
   */
  private static final int TIMES = 200;

  private static final String PAUSE = "250";
  private static final String JAVA = "io.descry.lab.leaks.JavaLeaks.";
  private static final List<String> LIBRARIES =
      List.of("netty", "vertx", "libuv", "sqlite", "rocksdb");

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void everyLeakIsFoundAndNothingElse(Jdks.Jdk jdk) {
    SharedLibrary.libuv();
    try (Running programs = new Running()) {
      for (String library : LIBRARIES) {
        DescryJvm jvm = new DescryJvm(jdk, "leak-" + library).withLibraries();
        programs.add(
            library,
            jvm.main(
                    "io.descry.lab.leaks.NativeLeak",
                    library,
                    jvm.directory().resolve("work").toString(),
                    Integer.toString(TIMES),
                    PAUSE)
                .start());
      }
      programs.add(
          "java",
          new DescryJvm(jdk, "leak-java")
              .main("io.descry.lab.leaks.JavaLeaks", Integer.toString(TIMES), PAUSE)
              .start());
      programs.each(program -> program.hear("ready"));
      programs.each(RunningJvm::awaitSettled);
      programs.each(program -> program.say("go"));
      Map<RunningJvm, JsonNode> truths = new ConcurrentHashMap<>();
      // A finding of growth that has stopped is lowered before long.
      programs.atOnce(
          program -> {
            truths.put(program, truth(program.hear("leaked ")));
            program.terminate();
          });
      programs.each(
          (name, program) -> {
            System.out.println(
                jdk
                    + " "
                    + name
                    + ": truth "
                    + truths.get(program)
                    + ", found "
                    + found(program.report()));
            if (name.equals("java")) {
              judgeJava(program.report());
            } else {
              judgeNative(name, program.report(), truths.get(program));
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void whatIsClosedBehindItsOwnersBackIsAHazard(Jdks.Jdk jdk) {
    try (RunningJvm program =
        new DescryJvm(jdk, "closed-behind")
            .withLibraries()
            .main("io.descry.lab.leaks.ClosedBehind")
            .start()) {
      program.hear("ready");
      program.awaitSettled();
      assertThat(program.dump("before").findings()).isEmpty();
      program.say("go");
      program.hear("closed");
      program.awaitSettled();
      program.terminate();
      assertThat(program.report().findings())
          .isNotEmpty()
          .allSatisfy(
              finding -> {
                assertThat(finding.hazard()).isTrue();
                assertThat(finding.confidence()).isEqualTo("certain");
                assertThat(finding.group().owner()).isEqualTo("java");
                assertThat(finding.group().siteHas("ClosedBehind.victim(")).isTrue();
                // The JVM may have had the lowest of the numbers for a moment since.
                assertThat(finding.evidence())
                    .allMatch(
                        text ->
                            text.contains("it was closed by close of libjnidispatch.so")
                                || text.contains("was given the number"))
                    .anyMatch(text -> text.contains("it was closed by close of"));
              });
      assertThat(program.report().findings().stream().mapToInt(Finding::count).sum()).isEqualTo(3);
    }
  }

  private static void judgeJava(Report report) {
    expect(report, "droppedChannel(", "socket.tcp", "certain", TIMES);
    // With its eventfd.
    expect(report, "droppedSelector(", "eventpoll", "certain", 2 * TIMES);
    expect(report, "growingList(", "file", "probable", TIMES);
    expect(report, "peerGone(", "socket.tcp", "probable", TIMES);
    expect(report, "droppedStream(", "file", null, TIMES);
    assertThat(report.findings())
        .allSatisfy(
            finding -> {
              assertThat(finding.group().owner()).isEqualTo("java");
              assertThat(finding.group().siteHas(JAVA)).isTrue();
              assertThat(finding.hazard()).isFalse();
            });
  }

  /**
   * A leak is still going on when it is counted: the last ones may not have been seen by two scans.
   */
  private static void expect(
      Report report, String method, String kind, String confidence, int truth) {
    List<Finding> about =
        report.findings().stream()
            .filter(finding -> finding.group().kind().equals(kind))
            .filter(finding -> finding.group().siteHas(JAVA + method))
            .filter(finding -> confidence == null || finding.confidence().equals(confidence))
            .toList();
    assertThat(about).as(method + " " + kind + " in " + found(report)).isNotEmpty();
    assertThat(about.stream().mapToInt(Finding::count).max().orElseThrow())
        .as(method + " " + kind)
        .isBetween(truth * 8 / 10, truth + 2);
  }

  private static void judgeNative(String name, Report report, JsonNode truth) {
    assertThat(report.findings()).as(name + ": one cause").hasSize(1);
    Finding finding = report.findings().get(0);
    assertThat(finding.group().owner()).as(name).isIn("foreign", "library");
    assertThat(finding.hazard()).as(name).isFalse();
    Map<String, Integer> counts = new TreeMap<>();
    finding.group().descriptors().forEach(one -> counts.merge(one.kind(), 1, Integer::sum));
    int listed = finding.group().descriptors().size();
    assertThat(counts.keySet()).as(name).isEqualTo(Map.copyOf(fields(truth)).keySet());
    counts.forEach(
        (kind, count) ->
            // At most a thousand are listed.
            assertThat(count * finding.count() / listed)
                .as(name + " " + kind)
                .isBetween(
                    truth.get(kind).asInt() * 8 / 10, truth.get(kind).asInt() * 11 / 10 + 8));
  }

  private static Map<String, JsonNode> fields(JsonNode object) {
    Map<String, JsonNode> fields = new TreeMap<>();
    object.fieldNames().forEachRemaining(name -> fields.put(name, object.get(name)));
    return fields;
  }

  private static JsonNode truth(String line) {
    try {
      return new ObjectMapper().readTree(line.substring("leaked ".length()));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(line, e);
    }
  }

  private static List<String> found(Report report) {
    return report.findings().stream()
        .map(
            f ->
                f.confidence()
                    + " "
                    + f.rule()
                    + " "
                    + f.group().owner()
                    + " "
                    + f.group().kind()
                    + " x"
                    + f.count())
        .toList();
  }
}
