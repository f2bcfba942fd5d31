package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * A directory as the pages about where Descry runs have their reader stand in: {@code descry.jar},
 * the service {@code orders.jar} with its script, and a JDK's tools first in the path. What a page
 * says is typed into a shell there.
 */
record Desk(Jdks.Jdk jdk, Path directory, Map<String, String> environment) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SERVICE = "io.descry.lab.host.Orders";
  private static final List<String> CLASSES =
      List.of("io/descry/lab/host/Orders", "io/descry/lab/Dialogue");

  /** What the service's leak is called in a report. */
  static final String LEAK = SERVICE + ".fetchQuote(Orders.java:";

  /** A fresh one. */
  static Desk of(Jdks.Jdk jdk, String name) throws IOException {
    Path directory = new DescryJvm(jdk, name).directory();
    Files.copy(DescryJvm.JAR, directory.resolve("descry.jar"));
    Files.write(directory.resolve("orders.jar"), service());
    Path script = directory.resolve("orders.sh");
    Files.writeString(script, "#!/bin/sh\nexec java -Xmx64m -jar orders.jar\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Desk(jdk, directory, Map.of());
  }

  /** The same, with these variables in the environment of what is typed. */
  Desk with(Map<String, String> variables) {
    return new Desk(jdk, directory, variables);
  }

  private static byte[] service() throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, SERVICE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      for (String name : CLASSES) {
        jar.putNextEntry(new JarEntry(name + ".class"));
        copy(Path.of(System.getProperty("descry.test.classes"), name + ".class"), jar);
        jar.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static void copy(Path file, OutputStream to) throws IOException {
    to.write(Files.readAllBytes(file));
  }

  /** Types commands that do not end by themselves; Descry scans often, and says what it finds. */
  RunningJvm start(String commands) {
    ProcessBuilder shell = shell(commands);
    shell.environment().put("PORT", "0");
    shell.environment().put("DESCRY_INTERVAL", "500ms");
    shell.environment().put("DESCRY_ALERT", "log");
    return new RunningJvm(shell, directory.resolve("report"));
  }

  /** Types commands, which must succeed; what they print, errors after the rest. */
  String run(String commands) throws IOException, InterruptedException {
    Path out = Files.createTempFile("typed", ".out");
    Path err = Files.createTempFile("typed", ".err");
    Process process =
        shell(commands)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String said = Files.readString(out) + Files.readString(err);
    Files.delete(out);
    Files.delete(err);
    assertThat(process.waitFor()).as("%s\n%s", commands, said).isZero();
    return said;
  }

  private ProcessBuilder shell(String commands) {
    // A test run in the background ignores SIGINT, and children inherit that.
    ProcessBuilder shell =
        new ProcessBuilder("env", "--default-signal=INT", "sh", "-euc", commands)
            .directory(directory.toFile());
    shell.environment().putAll(environment);
    shell.environment().remove("JAVA_TOOL_OPTIONS");
    shell.environment().remove("JDK_JAVA_OPTIONS");
    shell
        .environment()
        .compute("PATH", (name, path) -> jdk.home().resolve("bin") + File.pathSeparator + path);
    return shell;
  }

  /** The virtual machine that was started, by way of whatever other programs. */
  static ProcessHandle jvm(RunningJvm started) {
    ProcessHandle first = ProcessHandle.of(started.pid()).orElseThrow();
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                Stream.concat(Stream.of(first), first.descendants())
                    .filter(one -> one.info().command().orElse("").endsWith("/bin/java"))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** Waits until Descry has found the service's leak, and has said so. */
  static void awaitFinding(RunningJvm started) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(started.err())
                    .anyMatch(
                        line -> line.startsWith("descry: alert finding-owner-unreachable-1 ")));
  }

  /** SIGTERM to the virtual machine, and its end; nothing but that ends it. */
  static void end(RunningJvm started) {
    assertThat(jvm(started).destroy()).isTrue();
    assertThat(started.await()).as(() -> started.err().toString()).isEqualTo(143);
  }

  /** The only text report in a directory, which names the leak. */
  static String report(Path reports) throws IOException {
    try (Stream<Path> all = Files.list(reports)) {
      List<Path> texts = all.filter(file -> file.toString().endsWith(".txt")).toList();
      assertThat(texts).as("reports in %s", reports).hasSize(1);
      String text = Files.readString(texts.get(0), StandardCharsets.UTF_8);
      assertThat(text).contains("\nLEAK: ", "[owner-unreachable-1]", LEAK);
      return text;
    }
  }
}
