package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes that really reach their limit, and the report that is written then. */
class EmergencyTest {
  private static final String LIFE = "io.descry.lab.life.";

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void theFirstOpenThatFailsWritesAWholeReport(Jdks.Jdk jdk) throws Exception {
    atTheLimit(new DescryJvm(jdk, "emergency"), "AtLimit", "java");
    // As soon as Descry is on, whether it has scanned by then or not.
    atTheLimit(new DescryJvm(jdk, "emergency-soon"), "AtLimit", "java", running -> {});
    atTheLimit(new DescryJvm(jdk, "emergency-native"), "NativeLimit", "library");
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void withoutTheTracerAProcessThatHasNoneLeftIsSeen(Jdks.Jdk jdk) throws Exception {
    atTheLimit(new DescryJvm(jdk, "emergency-java").option("native", "off"), "AtLimit", "java");
    atTheLimit(
        new DescryJvm(jdk, "emergency-blind").option("native", "off"), "NativeLimit", "foreign");
  }

  private static void atTheLimit(DescryJvm jvm, String program, String owner) throws Exception {
    atTheLimit(jvm, program, owner, RunningJvm::awaitSettled);
  }

  private static void atTheLimit(
      DescryJvm jvm, String program, String owner, Consumer<RunningJvm> first) throws Exception {
    // No scan but the first two comes before the report.
    jvm.limit(256).withLibraries().option("interval", "1h");
    Path json = Path.of(jvm.base() + "-exhaustion.json");
    Path text = Path.of(jvm.base() + "-exhaustion.txt");
    try (RunningJvm running = jvm.main(LIFE + program).start()) {
      running.hear("ready");
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> running.err().stream().anyMatch(line -> line.contains(" on, scanning")));
      first.accept(running);
      running.say("go");
      running.hear("held ");
      int kernel = running.descriptors().targets().size();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> running.err().stream().anyMatch(l -> l.contains("no descriptor is left")));
      Report report = Report.read(json);
      assertThat(report.reason()).isEqualTo("exhaustion");
      // What the kernel lists, less what Descry holds for itself.
      assertThat(report.open()).isBetween(kernel - 12, kernel);
      assertThat(report.groups().stream().mapToInt(Report.Group::count).sum())
          .isEqualTo(report.open());
      assertThat(report.groups())
          .filteredOn(group -> group.owner().equals(owner) && group.kind().equals("file"))
          .anyMatch(group -> group.count() > 120);
      assertThat(Files.readString(text))
          .contains("because the limit was reached")
          .endsWith("docs/reports.md\n");
      for (Path file : new Path[] {json, text}) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
      running.terminate();
      assertThat(running.report().reason()).isEqualTo("shutdown");
      assertThat(running.err())
          .filteredOn(line -> line.contains("no descriptor is left"))
          .as("once")
          .hasSize(1)
          .allMatch(line -> line.contains("see ") && line.contains("-exhaustion."));
      assertThat(Path.of(jvm.base() + "-exhaustion-2.json")).doesNotExist();
    }
  }
}
