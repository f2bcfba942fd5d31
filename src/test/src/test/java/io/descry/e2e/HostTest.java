package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/running says of a plain JVM and of systemd, done. */
class HostTest {
  private static final Page SYSTEMD = Page.of("running/systemd.md");
  private static final Page JVM = Page.of("running/jvm.md");

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void eachWayOfThePageStartsDescry(Jdks.Jdk jdk) throws IOException {
    Map<String, String> ways = new LinkedHashMap<>();
    ways.put("argument", JVM.block("sh", "java -javaagent:descry.jar=report="));
    ways.put("tool-options", JVM.block("sh", "JAVA_TOOL_OPTIONS=-javaagent"));
    ways.put("java-options", JVM.block("sh", "JDK_JAVA_OPTIONS=-javaagent"));
    ways.put("blank", JVM.block("sh", "my tools"));
    ways.put("file", JVM.block("sh", "config=descry.properties"));
    Map<String, Path> directories = new LinkedHashMap<>();
    try (Running running = new Running()) {
      for (Map.Entry<String, String> way : ways.entrySet()) {
        Desk desk = Desk.of(jdk, "jvm-" + way.getKey());
        Path directory = desk.directory();
        if (!way.getKey().equals("argument")) {
          Files.createDirectory(directory.resolve("reports"));
        }
        Files.copy(
            DescryJvm.JAR,
            Files.createDirectory(directory.resolve("my tools")).resolve("descry.jar"));
        Files.writeString(
            directory.resolve("descry.properties"), JVM.block("properties", "report="));
        directories.put(way.getKey(), directory);
        running.add(way.getKey(), desk.start(way.getValue()));
      }
      running.each(Desk::awaitFinding);
      running.each(Desk::end);
      running.each(
          (way, jvm) -> {
            String report = read(directories.get(way).resolve("reports"));
            assertThat(report).contains("orders.jar", " at shutdown");
            assertThat(jvm.err())
                .anyMatch(
                    line ->
                        line.matches(
                            "descry: \\S+ on, scanning every 500 ms, .*report to "
                                + directories.get(way)
                                + "/reports/orders-%[pt]"))
                .anyMatch(
                    line -> line.startsWith("descry: 1 finding, see " + directories.get(way)));
          });
      running.each(
          (way, jvm) -> {
            String said = String.join("\n", jvm.err()) + "\n";
            switch (way) {
              case "tool-options" ->
                  assertThat(said).contains(JVM.block("", "Picked up JAVA_TOOL"));
              case "java-options" -> assertThat(said).contains(JVM.block("", "Picked up JDK_JAVA"));
              default -> assertThat(said).doesNotContain("Picked up JDK_JAVA");
            }
          });
    }
    assertThat(directories.get("file").resolve("reports/descry.log")).isNotEmptyFile();
  }

  private static String read(Path reports) {
    try {
      return Desk.report(reports);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void whatRunsAlreadyIsAttachedTo(Jdks.Jdk jdk) throws Exception {
    Desk desk = Desk.of(jdk, "jvm-attach");
    Path reports = Files.createDirectory(desk.directory().resolve("reports"));
    Path byJcmd = Files.createDirectory(desk.directory().resolve("by-jcmd"));
    try (RunningJvm first = desk.start("./orders.sh");
        RunningJvm second = desk.start("./orders.sh")) {
      first.hear("port ");
      second.hear("port ");
      String pid = Long.toString(Desk.jvm(first).pid());
      assertThat(desk.run(JVM.block("sh", "descry.jar list")))
          .containsPattern("(?m)^ *" + pid + " .* orders\\.jar$");
      assertThat(desk.run(of(pid, JVM.block("sh", "descry.jar attach"))))
          .contains("Descry watches process " + pid + " (orders.jar)");
      String jcmd = JVM.block("sh", "jcmd PID JVMTI.agent_load");
      assertThat(jcmd).contains("/srv/orders/reports/");
      desk.run(
          of(Long.toString(Desk.jvm(second).pid()), jcmd)
              .replace("/srv/orders/reports/", byJcmd + "/"));
      Desk.awaitFinding(first);
      Desk.awaitFinding(second);
      assertThat(desk.run(of(pid, JVM.block("sh", "descry.jar report"))))
          .contains("open descriptors of process " + pid, "LEAK: ", Desk.LEAK);
      Desk.end(first);
      Desk.end(second);
    }
    assertThat(Desk.report(reports)).contains(" at shutdown");
    assertThat(Desk.report(byJcmd)).contains(" at shutdown");
  }

  /** A command of the page with the number of a process. */
  private static String of(String pid, String command) {
    assertThat(command).containsOnlyOnce(" PID");
    return command.replace(" PID", " " + pid);
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void theUnitsOfThePageLeaveTheirReports(Jdks.Jdk jdk) throws Exception {
    Desk desk = Desk.of(jdk, "systemd");
    String unit = SYSTEMD.block("ini", "[Install]");
    Path alone = Files.writeString(desk.directory().resolve("orders.service"), unit);
    assertThat(desk.run("systemd-analyze verify ./orders.service")).isEmpty();
    assumeTrue(
        System.getProperty("user.name").equals("root") || "true".equals(System.getenv("CI")),
        "only root can boot systemd");
    try (SystemdBox box = new SystemdBox(desk)) {
      Path units = box.directory("/etc/systemd/system");
      Files.copy(alone, units.resolve("orders.service"));
      Files.writeString(
          box.directory("/etc/systemd/system/orders.service.d").resolve("often.conf"),
          "[Service]\nEnvironment=DESCRY_INTERVAL=500ms DESCRY_ALERT=log\n");
      Files.createSymbolicLink(
          box.directory("/usr/bin").resolve("java"), jdk.home().resolve("bin/java"));
      for (String name : List.of("descry", "orders")) {
        Files.copy(
            desk.directory().resolve(name + ".jar"),
            box.directory("/opt/" + name).resolve(name + ".jar"));
      }
      box.start();
      box.run("useradd --system --no-create-home orders");
      box.run(SYSTEMD.block("sh", "systemctl enable --now"));
      awaitFinding(box, 1);
      assertThat(box.run("cat /proc/$(systemctl show -p MainPID --value orders)/status"))
          .containsPattern("(?m)^Uid:\\s+[1-9]")
          .containsPattern("(?m)^CapBnd:\\s+0+$")
          .containsPattern("(?m)^NoNewPrivs:\\s+1$")
          .containsPattern("(?m)^Seccomp:\\s+2$");
      assertThat(box.run(SYSTEMD.block("sh", "nsenter --mount"))).contains("LEAK: ", Desk.LEAK);
      assertThat(box.run(SYSTEMD.block("sh", "systemctl stop")))
          .matches("descry-\\d{8}T\\d{6}Z\\.txt\\n");
      assertThat(box.run("cat /var/log/orders/*; rm /var/log/orders/*"))
          .contains("\nLEAK: ", Desk.LEAK, " at shutdown\n")
          .contains("Limits: soft 8,192, hard 8,192", "Blind spots: none known.");
      assertThat(box.run("systemctl show -p Result --value orders")).isEqualTo("success\n");

      String agent = " -javaagent:/opt/descry/descry.jar";
      assertThat(unit).containsOnlyOnce(agent);
      box.write(
          "/etc/systemd/system/orders.service",
          unit.replace(agent, "").replaceAll("(?m)^(Environment=DESCRY_|LogsDirectory).*\\n", ""));
      box.write(
          "/etc/systemd/system/orders.service.d/override.conf",
          SYSTEMD.block("ini", "JAVA_TOOL_OPTIONS"));
      box.run("systemctl daemon-reload\n" + SYSTEMD.block("sh", "systemctl restart"));
      awaitFinding(box, 2);
      box.run(SYSTEMD.block("sh", "systemctl stop"));
      assertThat(box.run("cat /var/log/orders/*")).contains("\nLEAK: ", Desk.LEAK);
    }
  }

  private static void awaitFinding(SystemdBox box, int times) {
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(box.run(SYSTEMD.block("sh", "journalctl")).lines())
                    .filteredOn(line -> line.contains("alert finding-owner-unreachable-1 raised"))
                    .hasSize(times));
  }
}
