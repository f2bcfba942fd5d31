package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code @NoDescriptorLeaks}, in test JVMs with the agent, without it, and where it is refused. */
class NoDescriptorLeaksTest {
  private static final String LEAKING = "io.descry.e2e.suites.Leaking.";
  private static final String CLASS = "class";

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void testsThatLeakFailAndNameTheSite(Jdks.Jdk jdk) {
    Map<String, String> ended = withAgent(jdk, "junit-leaking", "Leaking");
    assertThat(ended.get("fileThatIsDropped()"))
        .startsWith("io.descry.junit.DescriptorLeakError: test fileThatIsDropped() of")
        .contains("left 1 descriptor open", LEAKING + "fileThatIsDropped(Leaking.java:")
        // Sooner or later the collector closes it; what it led to is known before only.
        .containsAnyOf(jdk.home().resolve("release").toString(), "the garbage collector did");
    assertThat(ended.get("fileThatTheCollectorCloses()"))
        .contains("the garbage collector did", LEAKING + "fileThatIsDropped(Leaking.java:");
    assertThat(ended.get("channelThatIsDropped()"))
        .contains("socket.tcp, opened at " + LEAKING + "channelThatIsDropped(Leaking.java:")
        .contains("its owner was garbage-collected");
    assertThat(ended.get("selectorThatIsDropped()"))
        .contains("eventpoll, opened at " + LEAKING + "selectorThatIsDropped(Leaking.java:");
    assertThat(ended.get("databaseThatIsDropped()") + ended.get(CLASS))
        .contains("opened by sqlite-jdbc", "dropped.db")
        .contains(LEAKING + "databaseThatIsDropped(Leaking.java:");
    assertThat(ended.get("selectorThatIsKept()"))
        .contains(
            LEAKING + "selectorThatIsKept(Leaking.java:", "something may refer to it, but nobody");
    assertThat(ended.get("fileInAnotherThread()"))
        .contains("by thread \"another\"", LEAKING + "fileThatIsDropped(Leaking.java:");
    assertThat(ended.get("fileInNested()")).contains("$Inner.fileInNested(Leaking.java:");
    assertThat(ended.get("eventLoopsThatAreKept()")).isEmpty();
    assertThat(ended.get(CLASS))
        .contains("class io.descry.e2e.suites.Leaking left")
        .contains("opened by netty-transport-native-epoll")
        .contains("opened in test eventLoopsThatAreKept() of")
        .contains(LEAKING + "eventLoopsThatAreKept(Leaking.java:")
        .doesNotContain("fileThatIsDropped(");
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void testsThatCloseWhatTheyOpenPass(Jdks.Jdk jdk) {
    assertThat(withAgent(jdk, "junit-tidy", "Tidy"))
        .hasSize(13)
        .allSatisfy(NoDescriptorLeaksTest::passed);
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void testsThatRunAtTheSameTimeAnswerForThemselves(Jdks.Jdk jdk) {
    Map<String, String> ended =
        withAgent(
            jdk,
            "junit-parallel",
            "SideBySide",
            "junit.jupiter.execution.parallel.enabled=true",
            "junit.jupiter.execution.parallel.config.strategy=fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism=2");
    assertThat(ended.get("leaks()")).contains("SideBySide.leaks(SideBySide.java:");
    assertThat(ended.get("leaksNothing()")).isEmpty();
    assertThat(ended.get(CLASS)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void theAgentAttachesItselfAndAllTestsCanBeLookedAt(Jdks.Jdk jdk) {
    DescryJvm jvm =
        suite(
                jdk,
                "junit-attached",
                "Plain",
                "junit.jupiter.extensions.autodetection.enabled=true",
                "descry.junit.all=true")
            .bare();
    try (RunningJvm running = jvm.start()) {
      Map<String, String> ended = ended(running);
      assertThat(ended.get("leaks()")).contains("Plain.leaks(Plain.java:");
      assertThat(ended.get("leaksNothing()")).isEmpty();
      assertThat(running.err()).anyMatch(line -> line.startsWith("descry: "));
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void withoutTheAgentTheReasonIsSaid(Jdks.Jdk jdk) {
    String[] all = {
      "Plain", "junit.jupiter.extensions.autodetection.enabled=true", "descry.junit.all=true"
    };
    DescryJvm refuses = suite(jdk, "junit-refused", all).bare().jvm("-XX:+DisableAttachMechanism");
    try (RunningJvm running = refuses.start()) {
      assertThat(ended(running).get(CLASS))
          .contains("does not let it be attached", "-javaagent:", "descry.junit.required=false");
    }
    DescryJvm unrequired =
        suite(jdk, "junit-unrequired", all[0], all[1], all[2], "descry.junit.required=false")
            .bare()
            .jvm("-XX:+DisableAttachMechanism");
    try (RunningJvm running = unrequired.start()) {
      assertThat(ended(running)).hasSize(4).allSatisfy(NoDescriptorLeaksTest::passed);
      assertThat(running.err()).anyMatch(line -> line.contains("tests are not looked at"));
    }
  }

  private static void passed(String name, String failure) {
    assertThat(failure).as(name).isEmpty();
  }

  private static Map<String, String> withAgent(Jdks.Jdk jdk, String name, String... arguments) {
    try (RunningJvm running = suite(jdk, name, arguments).start()) {
      return ended(running);
    }
  }

  private static DescryJvm suite(Jdks.Jdk jdk, String name, String... arguments) {
    return new DescryJvm(jdk, name)
        .withTests()
        .without("interval")
        .main("io.descry.e2e.suites.SuiteRun", arguments);
  }

  /** How each test ended, by its name, and the class as {@link #CLASS}: empty when it passed. */
  private static Map<String, String> ended(RunningJvm running) {
    assertThat(running.await()).as(() -> String.join("\n", running.err())).isZero();
    Map<String, String> ended = new TreeMap<>();
    for (String line : running.out()) {
      if (line.startsWith("ended ")) {
        JsonNode json = json(line.substring(6));
        String name = json.get("name").asText();
        String key = name.startsWith("io.descry.e2e.suites.") ? CLASS : name;
        ended.merge(key, json.get("failure").asText(), String::concat);
      }
    }
    return ended;
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
