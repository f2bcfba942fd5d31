package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.lab.faults.FaultAgent;
import io.descry.lab.ways.Ways;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Descry breaks at each of its doors, and the application does not notice: every way of opening and
 * closing does what it does without. The program checks that itself, against the kernel, and fails
 * when a way holds anything else than it does on a bare JVM.
 */
class FaultsTest {
  private static final List<String> FAULTS =
      List.of("doors:java.lang.StackOverflowError", "books:java.lang.OutOfMemoryError");

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void theApplicationDoesNotNotice(Jdks.Jdk jdk) throws Exception {
    List<RunningJvm> broken = new ArrayList<>();
    for (String fault : FAULTS) {
      broken.add(start(jdk, fault));
    }
    broken.parallelStream().forEach(FaultsTest::openAndCloseEverything);
    for (RunningJvm jvm : broken) {
      assertThat(jvm.err()).as("the faults are in place").anyMatch(l -> l.startsWith("broken: "));
      assertThat(jvm.out()).filteredOn(line -> line.startsWith("{")).hasSizeGreaterThan(100);
      assertThat(jvm.report().findings()).isEmpty();
    }
    for (RunningJvm jvm : broken) {
      assertThat(jvm.report().blind())
          .as("what is broken is said")
          .anyMatch(blind -> blind.contains("opens or closes by Java code"));
    }
  }

  private static RunningJvm start(Jdks.Jdk jdk, String fault) throws IOException {
    DescryJvm jvm = new DescryJvm(jdk, "faults-" + fault.replaceAll("\\W", "-"));
    // The program counts its descriptors exactly; scans would have theirs open in between.
    jvm.option("interval", "30s");
    // Before Descry's own on the command line: agents start in that order.
    jvm.jvmBeforeAgent("-javaagent:" + faultAgent(jvm.directory()) + "=" + fault);
    return jvm.withLibraries()
        .main(Ways.class.getName(), jvm.directory().resolve("work").toString())
        .start();
  }

  private static void openAndCloseEverything(RunningJvm running) {
    running.hear("ready");
    running.awaitSettled();
    running.say("go");
    running.hear("open");
    running.say("close");
    running.hear("closed");
    running.say("end");
    assertThat(running.await()).isZero();
  }

  private static Path faultAgent(Path directory) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", FaultAgent.class.getName());
    Path jar = directory.resolve("faults.jar");
    // The class itself, and what it needs, are on the class path of the program.
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }
}
