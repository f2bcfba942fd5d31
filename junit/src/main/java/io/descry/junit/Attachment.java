package io.descry.junit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Loads the agent, which this jar brings, into this JVM. By the JDK's own jcmd, in a process of its
 * own, for a JVM may not attach to itself unless it was started with {@code
 * jdk.attach.allowAttachSelf}.
 */
final class Attachment {
  private static final String JAR = "/META-INF/descry/descry.jar";
  private static final long PATIENCE_SECONDS = 60;
  private static final int SAID = 500;

  private Attachment() {}

  /**
   * Loads it. Whether it then runs must be asked elsewhere.
   *
   * @throws IOException with a text that says why it cannot be loaded, and what to do
   */
  static void attach() throws IOException {
    Path jcmd = jcmd();
    Path jar = jar();
    ProcessBuilder builder =
        new ProcessBuilder(
            jcmd.toString(),
            Long.toString(ProcessHandle.current().pid()),
            "JVMTI.agent_load",
            quoted(jar.toString()),
            quoted(options()));
    // Options of the test JVM's, which other agents come by, are not meant for this one.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    File said = File.createTempFile("descry-attach", ".txt");
    try {
      int status = run(builder.redirectErrorStream(true).redirectOutput(said));
      String text = Files.readString(said.toPath(), StandardCharsets.UTF_8).strip();
      if (status != 0 || !text.contains("return code: 0")) {
        throw new IOException(
            "the JVM was started without Descry's agent, and does not let it be attached (such as by"
                + " -XX:+DisableAttachMechanism or -XX:-EnableDynamicAgentLoading). "
                + jcmd
                + " says: "
                + text.substring(0, Math.min(SAID, text.length())));
      }
    } finally {
      Files.deleteIfExists(said.toPath());
    }
  }

  private static int run(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("jcmd did not attach the agent in " + PATIENCE_SECONDS + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while jcmd attached the agent", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Path jcmd() throws IOException {
    Path bin = Path.of(System.getProperty("java.home"), "bin");
    for (String name : List.of("jcmd", "jcmd.exe")) {
      if (Files.isExecutable(bin.resolve(name))) {
        return bin.resolve(name);
      }
    }
    throw new IOException(
        "the JVM was started without Descry's agent, and the Java that runs the tests has no "
            + bin.resolve("jcmd")
            + " to attach it with: it is no JDK");
  }

  /** As a file: the JVM that loads it looks into no other jar. */
  private static Path jar() throws IOException {
    try (InputStream in = Attachment.class.getResourceAsStream(JAR)) {
      if (in == null) {
        throw new IOException("this copy of descry-junit brings no agent: it has no " + JAR);
      }
      Path jar = Files.createTempFile("descry", ".jar");
      jar.toFile().deleteOnExit();
      Files.copy(in, jar, StandardCopyOption.REPLACE_EXISTING);
      return jar;
    }
  }

  /** Nobody asked for a report; what -Ddescry.report asks for is written. */
  private static String options() {
    return System.getProperty("descry.report") == null ? "stacks=all,report=none" : "stacks=all";
  }

  /** For jcmd, which takes its arguments apart at blanks, commas and equals signs. */
  private static String quoted(String argument) {
    return '"' + argument + '"';
  }
}
