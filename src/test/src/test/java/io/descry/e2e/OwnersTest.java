package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.tools.ToolProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The Java objects that stand for native descriptors are known, in real libraries. */
class OwnersTest {
  private static final Path ROOT = Path.of(System.getProperty("descry.test.root"));

  /** What a program said of a moment. */
  private record Said(JsonNode json) {
    /** Without what the JVM's own threads look at now and then, such as the control group. */
    List<JsonNode> descriptors() {
      return list("descriptors").stream()
          .filter(open -> !open.path("target").asText().matches("/(proc|sys)/.*"))
          .toList();
    }

    List<JsonNode> others() {
      return list("others");
    }

    int numbered() {
      return json.path("numbered").asInt(-1);
    }

    boolean missed() {
      return json.path("missed").asBoolean(true);
    }

    private List<JsonNode> list(String name) {
      return StreamSupport.stream(json.path(name).spliterator(), false).toList();
    }
  }

  private record Run(Said opened, Said closed) {}

  static Stream<Arguments> netty() {
    return Jdks.all()
        .flatMap(
            jdk ->
                Stream.of(
                    Arguments.of(jdk, "epoll", "io.netty.channel.epoll.EpollIoHandler", 6),
                    Arguments.of(jdk, "io_uring", "io.netty.channel.uring.IoUringIoHandler", 5),
                    Arguments.of(
                        jdk,
                        "shaded",
                        "io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoop",
                        6),
                    Arguments.of(jdk, "vertx", "io.netty.channel.epoll.EpollIoHandler", 4)));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("netty")
  void everyNumberOfNettyHasItsHandle(Jdks.Jdk jdk, String library, String loop, int atLeast) {
    if (library.equals("io_uring")) {
      Assumptions.assumeTrue(ioUringIsAllowed(), "io_uring is disabled on this machine");
    }
    Run run = run(new DescryJvm(jdk, "owners-" + library), library);
    assertThat(run.opened.descriptors())
        .hasSizeGreaterThanOrEqualTo(atLeast)
        .allSatisfy(
            descriptor -> {
              JsonNode handle = descriptor.path("handle");
              assertThat(handle.path("number").asInt(-1)).isEqualTo(descriptor.path("fd").asInt());
              if (descriptor.path("target").asText().startsWith("socket:")) {
                assertThat(handle.path("className").asText()).endsWith("LinuxSocket");
              } else {
                assertThat(handle.path("wholeClassName").asText()).isEqualTo(loop);
                assertThat(frames(handle)).isNotEmpty();
              }
            });
    assertThat(run.closed.numbered()).isZero();
    assertThat(run.closed.missed()).isFalse();
  }

  static Stream<Arguments> databases() {
    return Jdks.all()
        .flatMap(
            jdk ->
                Stream.of(
                    Arguments.of(
                        jdk,
                        "sqlite",
                        "org.sqlite.core.NativeDB",
                        "sqlite/some.db",
                        "Databases.sqlite"),
                    Arguments.of(
                        jdk, "rocksdb", "org.rocksdb.RocksDB", "rocksdb", "Databases.rocksDb")));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("databases")
  void databasesAreKnownByTheirPaths(
      Jdks.Jdk jdk, String library, String className, String path, String site) {
    check(run(new DescryJvm(jdk, "owners-" + library), library), className, path, site);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void theModuleOfTheDocumentationWorks(Jdks.Jdk jdk) throws IOException {
    DescryJvm jvm =
        new DescryJvm(jdk, "owners-lmdb")
            .jvm("--add-opens=java.base/java.nio=ALL-UNNAMED")
            .jvm("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    Path jar = documentedModule(jvm.directory());
    Run run = run(jvm.option("modules", jar.toString()), "lmdb");
    check(run, "org.lmdbjava.Env", "lmdb", "Databases.lmdb");
  }

  private static void check(Run run, String className, String path, String site) {
    assertThat(run.opened.others())
        .singleElement()
        .satisfies(
            handle -> {
              assertThat(handle.path("className").asText()).isEqualTo(className);
              assertThat(handle.path("path").asText()).endsWith(path);
              assertThat(frames(handle)).anyMatch(frame -> frame.contains(site));
            });
    String claimed = run.opened.others().get(0).path("path").asText();
    // Descry reads what a library that was just loaded calls its functions.
    assertThat(run.opened.descriptors())
        .filteredOn(descriptor -> !descriptor.path("target").asText().endsWith(".so"))
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(descriptor -> descriptor.path("target").asText().startsWith(claimed));
    assertThat(run.closed.others()).isEmpty();
    assertThat(run.closed.missed()).isFalse();
  }

  static Stream<Arguments> unixSockets() {
    return Jdks.all()
        .flatMap(jdk -> Stream.of(Arguments.of(jdk, "junixsocket"), Arguments.of(jdk, "jnr")));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("unixSockets")
  void unixSocketsAreKnownByNumber(Jdks.Jdk jdk, String library) {
    Run run = run(new DescryJvm(jdk, "owners-" + library), library);
    List<Integer> known = new ArrayList<>();
    run.opened.others().forEach(handle -> known.add(handle.path("number").asInt()));
    run.opened
        .descriptors()
        .forEach(
            descriptor -> {
              if (descriptor.path("handle").isObject()) {
                known.add(descriptor.path("handle").path("number").asInt());
              }
            });
    assertThat(known)
        .hasSize(3)
        .containsExactlyInAnyOrderElementsOf(
            run.opened.descriptors().stream().map(open -> open.path("fd").asInt()).toList());
    assertThat(run.closed.others()).isEmpty();
    assertThat(run.closed.numbered()).isZero();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void openRuntimesOfNodeAreKnown(Jdks.Jdk jdk) {
    Assumptions.assumeTrue(
        System.getProperty("os.arch").equals("amd64"), "the lab has Javet for x86-64 only");
    Run run = run(new DescryJvm(jdk, "owners-javet"), "javet");
    assertThat(run.opened.others())
        .singleElement()
        .satisfies(
            handle -> {
              assertThat(handle.path("className").asText()).endsWith(".NodeRuntime");
              assertThat(frames(handle)).anyMatch(frame -> frame.contains("NodeRuntimes.open"));
            });
    assertThat(run.closed.others()).isEmpty();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void whatWasLoadedBeforeTheAgentIsKnownFromThenOn(Jdks.Jdk jdk) {
    DescryJvm jvm = new DescryJvm(jdk, "owners-late").withLibraries().bare();
    if (jdk.feature() > 17) {
      jvm.jvm("-XX:+EnableDynamicAgentLoading");
    }
    try (RunningJvm running = jvm.main("io.descry.lab.owners.Owners", "sqlite").start()) {
      running.hear("loaded");
      running.attach("report=none,stacks=all");
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> running.err().stream().anyMatch(line -> line.contains(" on, scanning")));
      running.awaitSettled();
      running.say("go");
      Run run = new Run(said(running, "opened "), said(running, "closed "));
      check(run, "org.sqlite.core.NativeDB", "sqlite/some.db", "Databases.sqlite");
    }
  }

  private static Run run(DescryJvm jvm, String library) {
    jvm.withLibraries().option("stacks", "all").option("report", "none");
    try (RunningJvm running = jvm.main("io.descry.lab.owners.Owners", library).start()) {
      running.hear("loaded");
      running.awaitSettled();
      running.say("go");
      Run run = new Run(said(running, "opened "), said(running, "closed "));
      assertThat(running.await()).as(() -> running.err().toString()).isZero();
      assertThat(running.err().stream().filter(line -> line.startsWith("descry: ")))
          .as("nothing but the line at the start")
          .hasSize(1);
      return run;
    }
  }

  private static Said said(RunningJvm running, String beginning) {
    try {
      String line = running.hear(beginning);
      return new Said(new ObjectMapper().readTree(line.substring(beginning.length())));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> frames(JsonNode handle) {
    List<String> frames = new ArrayList<>();
    handle.path("frames").forEach(frame -> frames.add(frame.asText()));
    return frames;
  }

  private static boolean ioUringIsAllowed() {
    Path setting = Path.of("/proc/sys/kernel/io_uring_disabled");
    try {
      return Files.exists(setting) && Files.readString(setting).strip().equals("0");
    } catch (IOException e) {
      return false;
    }
  }

  /** Compiles the module that docs/modules.md shows, and packs it as that page says. */
  private static Path documentedModule(Path directory) throws IOException {
    String page = Files.readString(ROOT.resolve("docs/modules.md"));
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(block.find()).isTrue();
    String named = "com/example/descry/Lmdb";
    Path source = directory.resolve("src").resolve(named + ".java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, block.group(1));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "--release",
                "17",
                "-Xlint:all",
                "-Werror",
                "-proc:none",
                "-cp",
                ROOT.resolve("agent/target/classes").toString(),
                "-d",
                directory.resolve("classes").toString(),
                source.toString());
    assertThat(status).isZero();
    Path jar = directory.resolve("lmdb-module.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry(named + ".class"));
      entries.write(Files.readAllBytes(directory.resolve("classes").resolve(named + ".class")));
      entries.putNextEntry(new JarEntry("META-INF/services/io.descry.owner.OwnerModule"));
      entries.write("com.example.descry.Lmdb\n".getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }
}
