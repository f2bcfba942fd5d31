package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The application and the agent do not meet: neither their classes, nor their libraries, nor their
 * output.
 */
class IsolationTest {
  private static final String LIFE = "io.descry.lab.life.";

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void ownVersionsOfTheSameLibrariesWork(Jdks.Jdk jdk) {
    List<List<String>> said = new ArrayList<>();
    for (boolean bare : new boolean[] {true, false}) {
      DescryJvm jvm = new DescryJvm(jdk, "own-libraries").withLibraries().option("metrics", "0");
      try (RunningJvm running = (bare ? jvm.bare() : jvm).main(LIFE + "OwnLibraries").start()) {
        running.hear("done");
        running.say("end");
        assertThat(running.await()).as(() -> running.err().toString()).isZero();
        said.add(running.out());
      }
    }
    assertThat(said.get(1)).isEqualTo(said.get(0)).hasSize(10);
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void nothingOfTheAgentIsVisible(Jdks.Jdk jdk) throws IOException {
    Set<String> names = AgentClasses.names();
    assertThat(names)
        .hasSizeGreaterThan(500)
        .contains("io.descry.agent.Premain", "com.sun.jna.Native", "org.slf4j.LoggerFactory");
    try (RunningJvm running = new DescryJvm(jdk, "visible").main(LIFE + "Visible").start()) {
      running.hear("ready");
      names.forEach(running::say);
      running.say("end");
      running.hear("done");
      assertThat(running.await()).isZero();
      assertThat(running.out())
          .filteredOn(line -> line.startsWith("visible "))
          .contains("visible io.descry.agent.Premain", "visible io.descry.agent.Main")
          .allMatch(
              line ->
                  line.matches("visible io\\.descry\\.agent\\.(Premain|Main)")
                      || line.startsWith("visible io.descry.ledger."));
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void helloWorldPrintsWhatItPrintsWithout(Jdks.Jdk jdk) {
    for (String flag : List.of("-Xshare:auto", "-Xverify:all")) {
      List<RunningJvm> runs = new ArrayList<>();
      for (boolean bare : new boolean[] {true, false}) {
        DescryJvm jvm = new DescryJvm(jdk, "hello").option("metrics", "0").jvm(flag);
        runs.add((bare ? jvm.bare() : jvm).main(LIFE + "Hello").ended());
      }
      assertThat(runs.get(1).out()).isEqualTo(runs.get(0).out()).containsExactly("hello");
      List<String> more = new ArrayList<>(runs.get(1).err());
      more.removeAll(runs.get(0).err());
      assertThat(more).as(flag).hasSize(1).allMatch(line -> line.startsWith("descry: "));
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void applicationsOfModulesWork(Jdks.Jdk jdk) throws Exception {
    DescryJvm jvm = new DescryJvm(jdk, "modules");
    Path sources = Files.createDirectories(jvm.directory().resolve("src/app"));
    Files.writeString(sources.resolveSibling("module-info.java"), "module lab.app {}\n");
    Files.writeString(
        sources.resolve("Main.java"),
        """
        package app;
        public class Main {
          public static void main(String[] args) throws Exception {
            Object held = new java.io.FileInputStream(args[0]);
            System.out.println(Main.class.getModule() + " " + (held != null));
            System.out.flush();
            System.in.read();
          }
        }
        """);
    Path modules = jvm.directory().resolve("mods");
    Process javac =
        new ProcessBuilder(
                jdk.tool("javac"),
                "-d",
                modules.toString(),
                sources.resolveSibling("module-info.java").toString(),
                sources.resolve("Main.java").toString())
            .inheritIO()
            .start();
    assertThat(javac.waitFor()).isZero();
    Path held = Files.createFile(jvm.directory().resolve("held"));
    try (RunningJvm running =
        jvm.launch("-p", modules.toString(), "-m", "lab.app/app.Main", held.toString()).start()) {
      running.hear("module lab.app true");
      Report report = running.dump("open");
      assertThat(report.groups())
          .filteredOn(group -> group.siteHas("app.Main.main("))
          .hasSize(1)
          .allMatch(group -> group.owner().equals("java") && group.count() == 1);
      running.say("end");
      assertThat(running.await()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void noUsableTemporaryDirectoryIsNoHarm(Jdks.Jdk jdk) {
    for (String directory : List.of("/proc/self", "/nonexistent")) {
      helloWithTemporaryDirectory(jdk, new DescryJvm(jdk, "tmpdir"), directory);
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void temporaryDirectoryWithoutExecutionIsNoHarm(Jdks.Jdk jdk) throws Exception {
    Process trial =
        new ProcessBuilder(
                "unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt")
            .start();
    boolean possible = trial.waitFor() == 0;
    Assumptions.assumeTrue(
        possible || "true".equals(System.getenv("CI")), "mounting is not allowed here");
    DescryJvm jvm = new DescryJvm(jdk, "noexec");
    Path directory = Files.createDirectory(jvm.directory().resolve("tmp"));
    helloWithTemporaryDirectory(jdk, jvm.withoutExecutionOn(directory), directory.toString());
  }

  /** The JVM itself may complain of the directory, as JDK 25 does of one that does not exist. */
  private static void helloWithTemporaryDirectory(Jdks.Jdk jdk, DescryJvm jvm, String directory) {
    String option = "-Djava.io.tmpdir=" + directory;
    List<String> complaints;
    try (RunningJvm bare =
        new DescryJvm(jdk, "bare").bare().jvm(option).main(LIFE + "Hello").start()) {
      assertThat(bare.await()).isZero();
      complaints = bare.err();
    }
    RunningJvm ended = jvm.jvm(option).main(LIFE + "Hello").ended();
    assertThat(ended.out()).containsExactly("hello");
    List<String> more = new ArrayList<>(ended.err());
    more.removeAll(complaints);
    assertThat(more).as(directory).hasSize(1).allMatch(line -> line.startsWith("descry: "));
    Report report = ended.report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.open()).isPositive();
    System.out.println(jdk + " tmpdir " + directory + ": blind " + report.blind());
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aDamagedJarLeavesTheApplicationAlone(Jdks.Jdk jdk) throws IOException {
    DescryJvm jvm = new DescryJvm(jdk, "damaged").bare();
    ByteBuffer jar =
        ByteBuffer.wrap(Files.readAllBytes(DescryJvm.JAR)).order(ByteOrder.LITTLE_ENDIAN);
    // Behind the name in the local header of the entry, and what that says comes between.
    String name = "isolated/archive";
    String bytes = new String(jar.array(), StandardCharsets.ISO_8859_1);
    int at = bytes.indexOf(name);
    while (jar.getInt(at - 30) != 0x04034b50) {
      at = bytes.indexOf(name, at + 1);
    }
    int archive = at + name.length() + jar.getShort(at - 2);
    jar.order(ByteOrder.BIG_ENDIAN);
    for (int row = 0; row < jar.getInt(archive); row++) {
      jar.putInt(archive + Integer.BYTES + 20 * row + 12, 1);
    }
    Path damaged = Files.write(jvm.directory().resolve("damaged.jar"), jar.array());
    try (RunningJvm running = jvm.jvm("-javaagent:" + damaged).main(LIFE + "Hello").start()) {
      assertThat(running.await()).isZero();
      assertThat(running.out()).containsExactly("hello");
      assertThat(running.err())
          .singleElement()
          .asString()
          .startsWith("descry: off, the application is not affected: ");
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void secondCopyStaysOffAndSaysSo(Jdks.Jdk jdk) throws IOException {
    DescryJvm jvm = new DescryJvm(jdk, "second-copy");
    Path copy = Files.copy(DescryJvm.JAR, jvm.directory().resolve("copy.jar"));
    Path other = jvm.directory().resolve("other");
    RunningJvm ended =
        jvm.jvm("-javaagent:" + copy + "=report=" + other).main(LIFE + "Hello").ended();
    assertThat(ended.out()).containsExactly("hello");
    assertThat(ended.err()).hasSize(2).allMatch(line -> line.startsWith("descry: "));
    assertThat(ended.err().get(1)).containsAnyOf("off", "already", "second");
    assertThat(ended.report().reason()).isEqualTo("shutdown");
    assertThat(Path.of(other + ".txt")).doesNotExist();
  }
}
