package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.descry.e2e.Report.Group;
import io.descry.lab.life.Forgetful;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Starting, attaching, being at the limit, being told nonsense, and ending. */
class LifeTest {
  private static final String TOO_MANY = "Too many open files";
  private static final String LIFE = "io.descry.lab.life.";

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void everyEndingLeavesAReportAndItsStatus(Jdks.Jdk jdk) throws IOException {
    assertThat(ending(jdk, "return", null)).isZero();
    assertThat(ending(jdk, "exit", null)).isEqualTo(3);
    assertThat(ending(jdk, "throw", null)).isEqualTo(1);
    assertThat(ending(jdk, "wait", "TERM")).isEqualTo(128 + 15);
    assertThat(ending(jdk, "wait", "INT")).isEqualTo(128 + 2);
  }

  private static int ending(Jdks.Jdk jdk, String how, String signal) throws IOException {
    DescryJvm jvm = new DescryJvm(jdk, "ending");
    try (RunningJvm running = jvm.main(LIFE + "Endings", how).start()) {
      running.hear("ready");
      running.say("go");
      if (signal != null) {
        running.signal(signal);
      }
      int status = running.await();
      Report report = running.report();
      assertThat(report.reason()).as(how).isEqualTo("shutdown");
      assertThat(report.findings()).as(how).isEmpty();
      assertThat(report.groups())
          .as(how)
          .filteredOn(group -> group.siteHas(LIFE + "Endings.main(") && group.kind().equals("file"))
          .hasSize(1)
          .allMatch(group -> group.count() == 1);
      for (String format : List.of(".txt", ".json")) {
        Path file = Path.of(jvm.base() + format);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
      return status;
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aReportThatIsNotDoneInTimeIsSaid(Jdks.Jdk jdk) {
    // All of Descry begins when the program ends, and each method is compiled before it runs.
    DescryJvm jvm = new DescryJvm(jdk, "late").option("gc", "report").jvm("-Xcomp");
    try (RunningJvm running = jvm.main(LIFE + "Hello").start()) {
      assertThat(running.await()).isZero();
      assertThat(running.out()).containsExactly("hello");
      assertThat(running.err())
          .anyMatch(line -> line.startsWith("descry: the report at the end may be missing"));
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aGarbageCollectionBeforeTheReportIsMadeWhenAskedFor(Jdks.Jdk jdk) {
    assertThat(forgotten(jdk, "never")).isEmpty();
    assertThat(forgotten(jdk, "report"))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule()).isEqualTo("owner-unreachable");
              assertThat(finding.count()).isEqualTo(Forgetful.DROPPED);
              assertThat(finding.group().siteHas("Forgetful.drop(")).isTrue();
              assertThat(finding.evidence())
                  .anyMatch(text -> text.contains("the last full garbage collection ended at 2"));
            });
  }

  private static List<Report.Finding> forgotten(Jdks.Jdk jdk, String gc) {
    // Room for all that Descry itself leaves behind, so that only asking brings a collection.
    DescryJvm jvm = new DescryJvm(jdk, "gc-" + gc).option("gc", gc).jvm("-Xmn128m");
    return jvm.main(LIFE + "Forgetful")
        .ended(
            running -> {
              running.hear("ready");
              running.say("go");
            })
        .report()
        .findings();
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void atTheLimitTheReportIsWholeAndTheApplicationSeesWhatItWouldSee(Jdks.Jdk jdk) {
    List<List<String>> said = new ArrayList<>();
    List<Integer> held = new ArrayList<>();
    for (boolean bare : new boolean[] {true, false}) {
      DescryJvm jvm = new DescryJvm(jdk, "limit").limit(256);
      try (RunningJvm running = (bare ? jvm.bare() : jvm).main(LIFE + "AtLimit").start()) {
        running.hear("ready");
        if (!bare) {
          running.awaitSettled();
        }
        running.say("go");
        String last = running.hear("held ");
        said.add(running.out().stream().filter(line -> !line.startsWith("held ")).toList());
        held.add(Integer.valueOf(last.substring("held ".length())));
        if (bare) {
          continue;
        }
        ProcFd kernel = running.descriptors();
        running.awaitSettled();
        running.terminate();
        Report report = running.report();
        assertThat(report.open()).isBetween(kernel.targets().size() - 8, kernel.targets().size());
        assertThat(report.groups().stream().mapToInt(Group::count).sum()).isEqualTo(report.open());
        assertThat(
                report.groups().stream()
                    .filter(
                        group -> group.siteHas(LIFE + "AtLimit.") && group.kind().equals("file"))
                    .mapToInt(Group::count)
                    .sum())
            .isEqualTo(held.get(1));
        assertThat(report.blind()).isEmpty();
        assertThat(report.findings()).isEmpty();
      }
    }
    assertThat(said.get(0)).anyMatch(line -> line.contains(TOO_MANY));
    assertThat(said.get(1)).hasSameSizeAs(said.get(0)).anyMatch(line -> line.contains(TOO_MANY));
    for (int i = 0; i < said.get(0).size(); i++) {
      // The number that Descry frees to write its emergency report may be had for a moment.
      if (!said.get(1).get(i).matches("(socket|again) .*") || said.get(1).get(i).contains("Exce")) {
        assertThat(said.get(1).get(i)).isEqualTo(said.get(0).get(i));
      }
    }
    assertThat(held.get(1)).isBetween(held.get(0) - 8, held.get(0));
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void attachingLateCallsInheritedWhatWasOpenBefore(Jdks.Jdk jdk) {
    DescryJvm jvm = new DescryJvm(jdk, "attach").bare();
    if (jdk.feature() > 17) {
      jvm.jvm("-XX:+EnableDynamicAgentLoading");
    }
    Path before = jvm.directory().resolve("before");
    Path after = jvm.directory().resolve("after");
    try (RunningJvm running =
        jvm.main(LIFE + "Early", before.toString(), after.toString()).start()) {
      running.hear("early");
      running.attach("dump=" + jvm.directory().resolve("nothing"));
      await()
          .until(() -> running.err().stream().anyMatch(line -> line.contains("nothing to dump")));
      assertThat(jvm.directory().resolve("nothing.txt")).doesNotExist();
      running.attach("report=" + jvm.base() + ",formats=json,interval=500ms,detail=all");
      running.say("go");
      running.hear("late");
      Report report = running.dump("late.dump");
      assertThat(report.reason()).isEqualTo("demand");
      assertThat(owners(report, before)).containsExactly("inherited");
      assertThat(owners(report, after)).containsExactly("java");
      running.say("close");
      running.hear("closed");
      Report closed = running.dump("closed.dump");
      assertThat(owners(closed, before)).isEmpty();
      assertThat(owners(closed, after)).isEmpty();
      assertThat(closed.findings()).isEmpty();
      running.say("end");
      assertThat(running.await()).isZero();
      assertThat(running.report().reason()).isEqualTo("shutdown");
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void startedLaterItSeesWhatIsOpenedFromThenOn(Jdks.Jdk jdk) {
    DescryJvm jvm = new DescryJvm(jdk, "later").option("start", "later");
    Path before = jvm.directory().resolve("before");
    Path after = jvm.directory().resolve("after");
    try (RunningJvm running =
        jvm.main(LIFE + "Early", before.toString(), after.toString()).start()) {
      running.hear("early");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> running.err().stream().anyMatch(line -> line.contains(" on, scanning ")));
      running.say("go");
      running.hear("late");
      Report report = running.dump("late.dump");
      // A machine may be so busy that the program's first line comes after Descry's.
      assertThat(owners(report, before)).hasSize(1).isSubsetOf("inherited", "java");
      assertThat(owners(report, after)).containsExactly("java");
      assertThat(report.blind()).isEmpty();
      running.say("close");
      running.hear("closed");
      running.say("end");
      assertThat(running.await()).isZero();
      Report last = running.report();
      assertThat(last.reason()).isEqualTo("shutdown");
      assertThat(last.findings()).isEmpty();
      assertThat(owners(last, before)).isEmpty();
      assertThat(owners(last, after)).isEmpty();
    }
  }

  private static List<String> owners(Report report, Path file) {
    return report.groups().stream()
        .filter(
            group -> group.descriptors().stream().anyMatch(d -> d.target().equals(file.toString())))
        .map(Group::owner)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void nonsenseIsSaidOnceAndHarmsNothing(Jdks.Jdk jdk) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      said(jdk, "reprot", "x", "reprot", "interval");
      said(jdk, "interval", "soon", "interval", "soon");
      said(jdk, "formats", "papyrus", "formats", "papyrus");
      said(
          jdk,
          "metrics",
          Integer.toString(taken.getLocalPort()),
          Integer.toString(taken.getLocalPort()));
      said(jdk, "config", "/nonexistent/descry.properties", "config", "/nonexistent");
      said(jdk, "report", "/nonexistent/report", "/nonexistent");
      said(jdk, "report", "/proc/report", "/proc");
    }
  }

  private static void said(Jdks.Jdk jdk, String key, String value, String... words) {
    RunningJvm ended =
        new DescryJvm(jdk, "nonsense").option(key, value).main(LIFE + "Hello").ended();
    assertThat(ended.out()).containsExactly("hello");
    List<String> lines =
        ended.err().stream()
            .filter(line -> List.of(words).stream().allMatch(line::contains))
            .toList();
    assertThat(ended.err()).as(key + "=" + value).allMatch(line -> line.startsWith("descry: "));
    assertThat(lines).as("%s=%s in %s", key, value, ended.err()).isNotEmpty();
    assertThat(ended.err())
        .as(key + "=" + value)
        .hasSizeLessThanOrEqualTo(3)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void optionsComeFromPropertiesTheEnvironmentAndAFileTheNearestFirst(Jdks.Jdk jdk)
      throws IOException {
    DescryJvm jvm =
        new DescryJvm(jdk, "options").without("report").without("formats").without("detail");
    Path base = jvm.base();
    Path config =
        Files.writeString(
            jvm.directory().resolve("descry.properties"), "report=/nonexistent/a\ndetail=all\n");
    RunningJvm ended =
        jvm.option("config", config.toString())
            .jvm("-Ddescry.report=" + base)
            .environment("DESCRY_REPORT", "/nonexistent/b")
            .environment("DESCRY_FORMATS", "json")
            .main(LIFE + "Hello")
            .ended();
    assertThat(ended.report().groups())
        .isNotEmpty()
        .allMatch(group -> group.descriptors().size() == group.count());
    assertThat(Path.of(base + ".txt")).doesNotExist();
    assertThat(ended.err()).hasSize(1);
  }
}
