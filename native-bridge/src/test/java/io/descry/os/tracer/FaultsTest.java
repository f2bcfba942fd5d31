package io.descry.os.tracer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tracer does no harm: JVMs that do what upset tracers before end well and say nothing. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the tracer is for Linux")
class FaultsTest {
  private static final String ARCHITECTURE = System.getProperty("os.arch");

  @TempDir private static Path directory;

  @BeforeAll
  static void build() throws Exception {
    BuiltLibrary.of(ARCHITECTURE);
    compile("faults");
    compile("vforks");
  }

  private static void compile(String name) throws Exception {
    Path include = Path.of(System.getProperty("java.home"), "include");
    Path source = Path.of("src", "test", "c", "jvm", name + ".c").toAbsolutePath();
    Path library = directory.resolve("lib" + name + ".so");
    Process compiler =
        new ProcessBuilder(
                "cc",
                "-std=gnu11",
                "-O1",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-shared",
                "-fPIC",
                "-pthread",
                "-I" + include,
                "-I" + include.resolve("linux"),
                "-o",
                library.toString(),
                source.toString(),
                "-lrt")
            .redirectErrorStream(true)
            .start();
    String said = new String(compiler.getInputStream().readAllBytes(), UTF_8);
    assertThat(compiler.waitFor()).as(said).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "fork, 50",
    "vfork, 50",
    "signals, 30",
    "critical, 500",
    "pending, 500",
    "threads, 20",
    "processes, 20",
    "unloading, 100",
    "hooking, 30",
    "exit, 0"
  })
  void nothingHappens(String fault, String much) throws Exception {
    run(fault, much, "-Xcheck:jni");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FORK", "VFORK", "POSIX_SPAWN"})
  void childrenLeaveTheTableAlone(String mechanism) throws Exception {
    run("launches", "50", "-Djdk.lang.Process.launchMechanism=" + mechanism);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Serial", "Parallel", "G1", "Z", "Shenandoah"})
  void whateverTheCollector(String collector) throws Exception {
    assumeTrue(has(collector), "this JVM has no " + collector);
    String option = "-XX:+Use" + collector + "GC";
    run("critical", "200", option);
    run("fork", "10", option);
    run("unloading", "50", option);
    run("signals", "5", option);
  }

  @ParameterizedTest
  @ValueSource(ints = 500)
  @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "there are no virtual threads")
  void virtualThreadsHaveTheirStacks(int threads) throws Exception {
    run("virtual", Integer.toString(threads), "-Xcheck:jni");
  }

  private static boolean has(String collector) throws Exception {
    return start(List.of("-XX:+Use" + collector + "GC", "-version")).waitFor() == 0;
  }

  private static void run(String fault, String much, String option) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-Xmx128m", "-XX:-CreateCoredumpOnCrash"));
    if (Runtime.version().feature() >= 24) {
      arguments.add("--enable-native-access=ALL-UNNAMED"); // else a warning is among the lines
    }
    String classPath = System.getProperty("java.class.path");
    arguments.addAll(List.of(option, "-XX:ErrorFile=" + directory + "/crash", "-cp", classPath));
    arguments.addAll(List.of(Faults.class.getName(), directory.toString(), fault, much));
    Process process = start(arguments);
    Thread hangman = hang(process);
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    int status = process.waitFor();
    hangman.interrupt();
    // JDK 25 warns of vfork, in a paragraph.
    said = said.replaceFirst("(?s)^VFORK MODE DEPRECATED.*?\\R\\R", "");
    assertThat(said.lines()).as(fault + " " + option).containsExactly("passed");
    assertThat(status).as(fault + " " + option).isZero();
  }

  private static Process start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** One that hangs fails. */
  private static Thread hang(Process process) {
    Thread thread =
        new Thread(
            () -> {
              try {
                if (!process.waitFor(2, TimeUnit.MINUTES)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                // It ended by itself.
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
