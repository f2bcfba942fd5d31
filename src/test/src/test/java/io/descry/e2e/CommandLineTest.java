package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands, with real JVMs, users, namespaces and terminals. */
class CommandLineTest {
  private static final String LEAKS = "io.descry.lab.leaks.JavaLeaks";
  private static final String NOBODY = "65534";
  private static final boolean ROOT = System.getProperty("user.name").equals("root");

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void whatIsAttachedToIsReportedAndFollowed(Jdks.Jdk jdk) throws IOException {
    Cli cli = Cli.of(jdk);
    DescryJvm jvm = new DescryJvm(jdk, "cli-attach").bare();
    try (RunningJvm running = jvm.main(LEAKS, "40", "100").start()) {
      running.hear("ready");
      String pid = Long.toString(running.pid());
      assertThat(cli.run("report", pid).refusal())
          .contains("Descry does not run in process " + pid, "descry.jar attach " + pid);
      assertThat(cli.run("attach", pid, "intervall=5s").refusal())
          .contains("there is no option 'intervall'", "interval");
      assertThat(running.err()).as("nothing was loaded").isEmpty();

      Cli.Result attached = cli.run("attach", pid, "interval=500ms", "report=none").succeeded();
      assertThat(attached.out())
          .contains("Descry watches process " + pid + " (" + LEAKS + " 40 100)")
          .containsPattern("\\d+ descriptors are open, the soft limit is \\d+; findings so far: 0");
      assertThat(cli.run("attach", pid).succeeded().out()).contains("already");
      assertThat(cli.run("attach", pid, "interval=1s").refusal()).contains("cannot be changed");
      Path early =
          Files.writeString(
              jvm.base().resolveSibling("early.json"),
              cli.run("report", pid, "--json").succeeded().out());

      running.say("go");
      running.hear("leaked ");
      Path late = jvm.base().resolveSibling("late.json");
      patiently()
          .untilAsserted(
              () -> {
                Files.writeString(late, cli.run("report", pid, "--json").succeeded().out());
                assertThat(Report.read(late).findings())
                    .anyMatch(
                        finding ->
                            finding.rule().equals("owner-unreachable")
                                && finding.group().siteHas("JavaLeaks.droppedChannel("));
              });
      assertThat(cli.run("report", late.toString()).succeeded().out())
          .contains("LEAK: ", "JavaLeaks.droppedChannel(JavaLeaks.java:", "What to do");
      Cli.Result diff = cli.run("diff", early.toString(), late.toString());
      assertThat(diff.status()).as(diff.err()).isEqualTo(1);
      assertThat(diff.out()).contains("appeared", "owner-unreachable");

      String lines = cli.run("top", pid, "--count=2", "--interval=0.2").succeeded().out();
      assertThat(lines.lines().filter(line -> line.contains(" open of "))).hasSize(2);
      assertThat(lines).contains("JavaLeaks.droppedChannel(").doesNotContain("\033");
      JsonNode look =
          new ObjectMapper().readTree(cli.run("top", pid, "--json", "-n1").succeeded().out());
      // Less or more by what a scan, or who asks, has open for a moment.
      assertThat(look.path("open").asInt())
          .isCloseTo(running.descriptors().targets().size(), Offset.offset(4));
      assertThat(look.path("findings").findValuesAsText("rule")).contains("owner-unreachable");
      assertThat(listed(cli, pid)).containsPattern(pid + " .* runs +" + LEAKS);
      assertThat(running.err()).as("on its own error").noneMatch(line -> line.contains("finding"));
      patiently().untilAsserted(() -> assertThat(mailboxes(pid)).isEmpty());
    }
  }

  /** Directories that were made for a process and are left, as that process sees its files. */
  private static List<Path> mailboxes(String pid) throws IOException {
    List<Path> left = new ArrayList<>();
    try (DirectoryStream<Path> directories =
        Files.newDirectoryStream(
            Path.of("/proc", pid, "root", "tmp"), "descry-for-" + pid + "-*")) {
      directories.forEach(left::add);
    }
    return left;
  }

  private static String listed(Cli cli, String pid) {
    return cli.run("list")
        .succeeded()
        .out()
        .lines()
        .filter(line -> line.strip().startsWith(pid + " "))
        .findFirst()
        .orElse("");
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void whatCannotBeAttachedToIsSaidAndLeftAlone(Jdks.Jdk jdk) throws Exception {
    Cli cli = Cli.of(jdk);
    Process sleep = new ProcessBuilder("sleep", "600").start();
    DescryJvm jvm =
        new DescryJvm(jdk, "cli-refused")
            .bare()
            .environment("JDK_JAVA_OPTIONS", "-XX:+DisableAttachMechanism");
    try (RunningJvm running = jvm.main(LEAKS, "1", "1").start()) {
      running.hear("ready");
      String pid = Long.toString(running.pid());
      assertThat(cli.run("attach", pid).refusal())
          .contains("was started with -XX:+DisableAttachMechanism", "-javaagent:");
      assertThat(cli.run("attach", Long.toString(sleep.pid())).refusal())
          .contains("(sleep) is no Java virtual machine");
      assertThat(sleep.isAlive()).isTrue();
      running.signal("STOP");
      patiently()
          .untilAsserted(
              () -> assertThat(cli.run("attach", pid).refusal()).contains("kill -CONT " + pid));
      running.signal("CONT");
      assertThat(String.join("\n", running.out())).doesNotContain("Full thread dump");
      sleep.destroy();
      sleep.waitFor();
      assertThat(cli.run("attach", Long.toString(sleep.pid())).refusal())
          .contains("there is no process " + sleep.pid());
      assertThat(cli.run("attach").status()).isEqualTo(2);
      assertThat(cli.run("report", "/nonexistent").refusal()).contains("is not there");
    } finally {
      sleep.destroyForcibly();
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void anotherUsersJvmIsRootsToAttachTo(Jdks.Jdk jdk) throws IOException {
    if (!ROOT) {
      assertThat(Cli.of(jdk).run("attach", "1").refusal())
          .contains("process 1 runs as user root", "sudo -u root");
      return;
    }
    List<String> asNobody =
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--");
    Path readable = readable();
    Path jar = Files.copy(DescryJvm.JAR, readable.resolve("descry.jar"));
    Path program =
        Files.writeString(
            readable.resolve("Waits.java"),
            """
            class Waits {
              public static void main(String[] args) throws Exception {
                System.out.println("ready");
                System.in.read();
              }
            }
            """);
    DescryJvm mine = new DescryJvm(jdk, "cli-mine").bare();
    try (RunningJvm running = mine.main("io.descry.lab.life.Endings", "wait").start();
        RunningJvm other = started(jdk, asNobody, program.toString())) {
      running.hear("ready");
      other.hear("ready");
      assertThat(new Cli(jdk, jar, asNobody).run("attach", Long.toString(running.pid())).refusal())
          .contains("runs as user root", "sudo -u root");

      String pid = Long.toString(other.pid());
      Cli cli = Cli.of(jdk);
      assertThat(cli.run("attach", pid, "report=none").succeeded().out())
          .contains("Descry watches process " + pid);
      assertThat(cli.run("report", pid).succeeded().out())
          .contains("open descriptors of process " + pid);
    } finally {
      for (Path file : List.of(program, jar, readable)) {
        Files.delete(file);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aContainersConstraintsAreOvercome(Jdks.Jdk jdk) throws IOException {
    // Numbers and files of its own, the root read-only, and the agent's jar not there.
    List<String> container =
        new ArrayList<>(
            List.of("unshare", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc"));
    if (!ROOT) {
      container.add("--map-root-user");
    }
    container.addAll(
        List.of(
            "sh",
            "-c",
            "mount --bind '%s' /mnt && mount -o remount,bind,ro / && mount -t tmpfs none '%s' && mount -t tmpfs none /tmp && exec \"$@\""
                .formatted(System.getProperty("descry.test.classes"), DescryJvm.JAR.getParent()),
            "sh"));
    try (RunningJvm running = started(jdk, container, "-cp", "/mnt", LEAKS, "40", "50")) {
      running.hear("ready");
      String pid = Long.toString(onlyChild(running));
      Cli cli = Cli.of(jdk);
      assertThat(cli.run("attach", pid, "interval=500ms", "report=/tmp/descry").succeeded().out())
          .contains("Descry watches process " + pid, "was given a copy: /tmp/descry-for-");
      List<Path> copy = mailboxes(pid);
      running.say("go");
      running.hear("leaked ");
      patiently()
          .untilAsserted(
              () ->
                  assertThat(cli.run("report", pid).succeeded().out())
                      .contains("open descriptors of process 1", "JavaLeaks.droppedChannel("));
      assertThat(cli.run("top", pid, "-n1").succeeded().out()).contains("owner-unreachable");
      patiently().untilAsserted(() -> assertThat(mailboxes(pid)).isEqualTo(copy).hasSize(1));
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void theDoctorTriesWhatDescryNeeds(Jdks.Jdk jdk) throws IOException {
    Cli.Result well = Cli.of(jdk).run("doctor").succeeded();
    assertThat(well.out())
        .containsPattern("(?m)^ok +kernel +\\d")
        .containsPattern("(?m)^ok +sock_diag ")
        .containsPattern("(?m)^ok +native tracer +runs")
        .contains("Descry works here");
    JsonNode few =
        new ObjectMapper()
            .readTree(
                Cli.of(jdk)
                    .through("sh", "-c", "ulimit -n 300; exec \"$@\"", "sh")
                    .run("doctor", "--json")
                    .succeeded()
                    .out());
    assertThat(few)
        .anyMatch(
            one ->
                one.path("check").asText().equals("limit")
                    && one.path("state").asText().equals("limited")
                    && one.path("text").asText().contains("soft 300"));
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void whatNeedsTheSourcesFindsThemOrSaysSo(Jdks.Jdk jdk) throws IOException {
    assertThat(Cli.of(jdk).run("lab", "--list").succeeded().out()).contains("peer-closes");
    Path alone =
        Files.copy(DescryJvm.JAR, new DescryJvm(jdk, "cli-bare").directory().resolve("descry.jar"));
    Cli bare = new Cli(jdk, alone, List.of());
    for (String[] command : new String[][] {{"demo"}, {"lab", "--list"}}) {
      assertThat(bare.run(command).refusal()).contains("./descry " + command[0]);
    }
    assertThat(bare.run("explain", "growth-3").succeeded().out())
        .startsWith("growth\n")
        .contains("What to do", "threshold.pool=100");
  }

  /** A directory that everybody may read. */
  private static Path readable() throws IOException {
    return Files.setPosixFilePermissions(
        Files.createTempDirectory("cli-readable"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A command on a busy machine takes seconds. */
  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofSeconds(90));
  }

  private static long onlyChild(RunningJvm running) {
    return ProcessHandle.of(running.pid()).orElseThrow().children().findFirst().orElseThrow().pid();
  }

  /** A JVM that is started by way of another program. */
  private static RunningJvm started(Jdks.Jdk jdk, List<String> through, String... words) {
    List<String> command = new ArrayList<>(through);
    command.addAll(List.of(jdk.tool("java"), "-Xmx128m"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
    return new RunningJvm(builder, Path.of("/nonexistent"));
  }
}
