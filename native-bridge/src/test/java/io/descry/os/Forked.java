package io.descry.os;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs a main class of these tests in a JVM of its own, of the same JDK and class path. */
public final class Forked {
  private Forked() {}

  /** What it printed, line by line, after it ended with 0. */
  public static List<String> run(Class<?> main, String... options) throws Exception {
    return start(System.getProperty("java.class.path"), "exec \"$@\"", main, options);
  }

  static List<String> withoutJna(Class<?> main) throws Exception {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(":"))
            .filter(entry -> !entry.matches(".*/jna-[^/]*\\.jar"))
            .reduce((a, b) -> a + ":" + b)
            .orElseThrow();
    return start(classPath, "exec \"$@\"", main);
  }

  static List<String> withLimit(int descriptors, Class<?> main, String... options)
      throws Exception {
    String shell = "ulimit -n " + descriptors + " && exec \"$@\"";
    return start(System.getProperty("java.class.path"), shell, main, options);
  }

  private static List<String> start(
      String classPath, String shell, Class<?> main, String... options)
      throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of("sh", "-c", shell, "sh", java));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED"); // else a warning is among the lines
    }
    // HotSpot looks at the control group now and then, and so gives a number out again.
    command.add("-XX:-UseContainerSupport");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath, main.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed.lines().toList();
  }
}
