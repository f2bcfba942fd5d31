package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The modules' unit tests, which Maven runs on its own JDK, on the others that tests run on. */
class UnitTestsTest {
  private static final Path ROOT = Path.of(System.getProperty("descry.test.root"));

  static Stream<Arguments> onOtherJdks() {
    return Jdks.all()
        .filter(jdk -> jdk.feature() != Runtime.version().feature())
        .flatMap(
            jdk ->
                Stream.of("api", "native-bridge", "agent", "junit")
                    .map(module -> Arguments.of(jdk, module)));
  }

  @ParameterizedTest
  @MethodSource("onOtherJdks")
  void pass(Jdks.Jdk jdk, String module) throws IOException, InterruptedException {
    Path target = ROOT.resolve(module).resolve("target");
    Path tests = target.resolve("test-classes");
    List<String> classPath = new ArrayList<>(List.of(tests.toString()));
    classPath.add(target.resolve("classes").toString());
    classPath.add(Files.readString(target.resolve("unit-test.classpath")).strip());
    classPath.add(console());
    Path log = target.resolve("unit-tests-on-" + jdk.feature() + ".log");
    Process process =
        new ProcessBuilder(
                jdk.tool("java"),
                "-XX:-UseContainerSupport",
                "--add-exports=java.base/jdk.internal.access=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                // The simulation knows nothing of a JDK: fewer seeds do here.
                "-Ddescry.simulation.runs=10",
                "-cp",
                String.join(File.pathSeparator, classPath),
                "org.junit.platform.console.ConsoleLauncher",
                "execute",
                "--disable-banner",
                "--details=summary",
                "--fail-if-no-tests",
                "--scan-class-path=" + tests)
            .directory(ROOT.resolve(module).toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int exit = process.waitFor();
    String printed = Files.readString(log, StandardCharsets.UTF_8);
    assertThat(exit).as(printed).isZero();
    System.out.println(module + " on " + jdk + ": " + successes(printed));
  }

  private static String successes(String printed) {
    return printed.lines().filter(line -> line.contains("tests successful")).findFirst().orElse("");
  }

  private static String console() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.contains("junit-platform-console-standalone"))
        .findFirst()
        .orElseThrow();
  }
}
