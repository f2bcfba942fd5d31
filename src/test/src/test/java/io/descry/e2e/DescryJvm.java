package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A JVM to be started: which JDK, with or without the agent, on which class path, with which main
 * class.
 */
final class DescryJvm {
  /** The packaged agent. */
  static final Path JAR = Path.of(System.getProperty("descry.test.jar"));

  private static final Path CLASSES = Path.of(System.getProperty("descry.test.classes"));

  private static final String NOT_IN_TIME = "the report at the end may be missing";
  private static final int ATTEMPTS = 5;

  private final Jdks.Jdk jdk;
  private final Path directory;
  private final Map<String, String> options = new LinkedHashMap<>();
  private final List<String> jvm = new ArrayList<>();
  private final List<String> beforeAgent = new ArrayList<>();
  private final List<String> program = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private String classPath = CLASSES.toString();
  private boolean agent = true;
  private int limit;
  private String which = "-n";
  private Path mounted;

  /**
   * A JVM with the agent, every option that tests want, and a fresh directory of its own.
   *
   * @param name of the test, for the directory
   */
  DescryJvm(Jdks.Jdk jdk, String name) {
    this.jdk = jdk;
    directory = Path.of(System.getProperty("descry.test.work")).resolve(name + "-" + jdk.feature());
    empty(directory);
    option("report", base().toString());
    option("formats", "text+json");
    option("interval", "500ms");
    option("detail", "all");
  }

  /** Where the report goes, less its ending. */
  Path base() {
    return directory.resolve("report");
  }

  /** The run's own directory. */
  Path directory() {
    return directory;
  }

  DescryJvm option(String key, String value) {
    options.put(key, value);
    return this;
  }

  DescryJvm without(String key) {
    options.remove(key);
    return this;
  }

  /** No agent: what the bare JVM does. */
  DescryJvm bare() {
    agent = false;
    return this;
  }

  DescryJvm jvm(String... more) {
    jvm.addAll(List.of(more));
    return this;
  }

  /** Options that come before the agent's: other agents that start first. */
  DescryJvm jvmBeforeAgent(String... first) {
    beforeAgent.addAll(List.of(first));
    return this;
  }

  DescryJvm environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** At most so many descriptors. */
  DescryJvm limit(int descriptors) {
    limit = descriptors;
    return this;
  }

  /** At most so many, which the process itself may raise to the limit that holds here. */
  DescryJvm softLimit(int descriptors) {
    which = "-Sn";
    return limit(descriptors);
  }

  /**
   * In a mount namespace of its own, where an empty file system that allows no execution is on this
   * directory.
   */
  DescryJvm withoutExecutionOn(Path mount) {
    mounted = mount;
    return this;
  }

  /** The lab's libraries too, with native access granted where the JVM would warn of it. */
  DescryJvm withLibraries() {
    try {
      classPath =
          CLASSES
              + ":"
              + Files.readString(Path.of(System.getProperty("descry.test.classpath"))).trim();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (jdk.feature() > 17) {
      jvm("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
    }
    return this;
  }

  /** Also what the tests themselves use, JUnit among it. */
  DescryJvm withTests() {
    withLibraries();
    classPath = System.getProperty("java.class.path");
    return this;
  }

  /** The class that is run, by its name, on the class path, with its arguments. */
  DescryJvm main(String name, String... arguments) {
    program.add(name);
    program.addAll(List.of(arguments));
    return this;
  }

  /** Whatever the launcher takes after its options, in place of a class on the class path. */
  DescryJvm launch(String... words) {
    classPath = null;
    program.addAll(List.of(words));
    return this;
  }

  /** The agent's option on the command line. */
  String agentOption() {
    List<String> pairs =
        options.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    return "-javaagent:" + JAR + (pairs.isEmpty() ? "" : "=" + String.join(",", pairs));
  }

  /** Starts it. */
  RunningJvm start() {
    List<String> command = new ArrayList<>();
    // A test run in the background ignores SIGINT, and children inherit that.
    command.addAll(List.of("env", "--default-signal=INT"));
    if (limit > 0) {
      command.addAll(List.of("sh", "-c", "ulimit " + which + " " + limit + "; exec \"$@\"", "sh"));
    }
    if (mounted != null) {
      command.addAll(
          List.of(
              "unshare",
              "--map-root-user",
              "--mount",
              "sh",
              "-c",
              "mount -t tmpfs -o noexec none '" + mounted + "' && exec \"$@\"",
              "sh"));
    }
    command.add(jdk.tool("java"));
    command.add("-Xmx256m");
    command.addAll(beforeAgent);
    if (agent) {
      command.add(agentOption());
    }
    command.addAll(jvm);
    if (classPath != null) {
      command.addAll(List.of("-cp", classPath));
    }
    command.addAll(program);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().putAll(environment);
    return new RunningJvm(builder, base());
  }

  /**
   * Runs it to its end, with status 0. Once more where the machine was too busy for a report at the
   * end of a short life: Descry says so, and that is no error.
   */
  RunningJvm ended() {
    return ended(running -> {});
  }

  /**
   * Likewise.
   *
   * @param told what it is told before it ends
   */
  RunningJvm ended(Consumer<RunningJvm> told) {
    for (int left = ATTEMPTS; ; left--) {
      try (RunningJvm running = start()) {
        told.accept(running);
        assertThat(running.await()).as(() -> running.err().toString()).isZero();
        if (left == 1 || running.err().stream().noneMatch(line -> line.contains(NOT_IN_TIME))) {
          return running;
        }
      }
    }
  }

  private static void empty(Path directory) {
    try {
      if (Files.exists(directory)) {
        try (var all = Files.walk(directory)) {
          for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
