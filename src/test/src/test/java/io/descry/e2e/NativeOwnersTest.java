package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.descry.e2e.Report.Group;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What native code opened carries its library and a stack that a person can use. */
class NativeOwnersTest {
  private static final String LAB = "io.descry.lab.leaks.NativeOpens.";

  /** A program of the lab, how often it opens, and how the library must be named. */
  private record Program(String name, int times, String library) {}

  /** Of these, the libraries' own Java objects tell as much without the tracer. */
  private static final Set<String> KNOWN_TO_JAVA =
      Set.of("netty", "vertx", "io_uring", "sqlite", "rocksdb");

  private static final List<Program> PROGRAMS =
      List.of(
          new Program("netty", 20, "netty-transport-native-epoll"),
          new Program("vertx", 10, "netty-transport-native-epoll"),
          new Program("io_uring", 10, "netty-transport-native-io_uring"),
          new Program("libuv", 20, "libuv"),
          new Program("jna", 20, "jna"),
          new Program("ffm", 20, "FFM API"),
          new Program("javet", 5, "javet"),
          new Program("sqlite", 20, "sqlite-jdbc"),
          new Program("rocksdb", 10, "rocksdbjni"),
          new Program("profiler", 1, "async-profiler"));

  /** How much of what one program opened by native code was told right. */
  private record Score(int opened, int named, int placed) {
    @Override
    public String toString() {
      return "%d opened, %d with the right library, %d with a joined stack"
          .formatted(opened, named, placed);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void nativeDescriptorsCarryTheirLibraryAndAJoinedStack(Jdks.Jdk jdk) {
    judge(jdk, "auto", PROGRAMS);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void librariesAreNamedByTheirOwnObjectsWhereTheTracerIsOff(Jdks.Jdk jdk) {
    judge(
        jdk,
        "off",
        PROGRAMS.stream().filter(program -> KNOWN_TO_JAVA.contains(program.name())).toList());
  }

  private static void judge(Jdks.Jdk jdk, String tracer, List<Program> programs) {
    Map<String, Score> scores = new LinkedHashMap<>();
    for (Program program : programs) {
      if (program.name().equals("ffm") && jdk.feature() < 22) {
        // There is no such API yet.
        continue;
      }
      Score score = score(jdk, tracer, program);
      scores.put(program.name(), score);
      System.out.println(jdk + " native=" + tracer + " " + program.name() + ": " + score);
    }
    int opened = scores.values().stream().mapToInt(Score::opened).sum();
    int named = scores.values().stream().mapToInt(Score::named).sum();
    System.out.println(
        jdk + " native=" + tracer + ": " + named + " of " + opened + " native descriptors named");
    scores.forEach(
        (name, score) -> {
          assertThat(score.named()).as(name).isGreaterThanOrEqualTo(score.opened() * 95 / 100);
          assertThat(score.placed()).as(name).isGreaterThanOrEqualTo(score.opened() * 95 / 100);
        });
  }

  private static Score score(Jdks.Jdk jdk, String tracer, Program program) {
    SharedLibrary.libuv();
    DescryJvm jvm = new DescryJvm(jdk, "owner-" + tracer + "-" + program.name()).withLibraries();
    try (RunningJvm running =
        jvm.option("stacks", "all")
            .option("native", tracer)
            .main(
                "io.descry.lab.leaks.NativeLeak",
                program.name(),
                jvm.directory().resolve("work").toString(),
                Integer.toString(program.times()),
                "50")
            .start()) {
      running.hear("ready");
      running.awaitSettled();
      assertThat(running.maps().contains("libdescry")).isEqualTo(tracer.equals("auto"));
      List<Group> before = running.dump("before").groups();
      running.say("go");
      JsonNode truth = json(running.hear("leaked ").substring("leaked ".length()));
      List<Group> after = running.dump("after").groups();
      int opened = 0;
      for (JsonNode count : truth) {
        opened += count.asInt();
      }
      List<Group> right = rights(after, program, truth);
      assertThat(right).as("%s in %s", program, after).isNotEmpty();
      int named = count(right) - count(rights(before, program, truth));
      int placed = named - count(right.stream().filter(group -> !isUseful(group)).toList());
      return new Score(opened, named, placed);
    }
  }

  /** The groups of kinds that the program opens, under the library's right name. */
  private static List<Group> rights(List<Group> groups, Program program, JsonNode truth) {
    return groups.stream()
        .filter(group -> truth.has(group.kind()) && group.library().contains(program.library()))
        .toList();
  }

  private static int count(List<Group> groups) {
    return groups.stream().mapToInt(Group::count).sum();
  }

  /**
   * The line of the program; or, of what an event loop or a thread of the library's own opened by
   * itself, which has no such line, the frames of that.
   */
  private static boolean isUseful(Group group) {
    return group.siteHas(LAB) || group.site().size() + group.natives().size() > 1;
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(text, e);
    }
  }
}
