package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A shell into which is typed what a page says, in a run's own directory and with the JDK of the
 * test. What must differ from the page, such as a port, is replaced, and has to be there.
 */
final class Shell {
  private static final String JAR = "/opt/descry/descry.jar";
  private static final Pattern COMMAND = Pattern.compile("^(java |mvn )", Pattern.MULTILINE);
  private static final int PATIENCE_SECONDS = 120;

  private final DescryJvm run;
  private final Map<String, String> environment = new LinkedHashMap<>();

  /**
   * A shell whose JVMs find in the environment what tests want of Descry; what a page says goes
   * before it.
   */
  Shell(Jdks.Jdk jdk, DescryJvm run) {
    this.run = run;
    environment("JAVA_HOME", jdk.home().toString());
    environment("PATH", jdk.home().resolve("bin") + ":" + System.getenv("PATH"));
    environment("DESCRY_REPORT", run.base().toString());
    environment("DESCRY_FORMATS", "text+json");
    environment("DESCRY_INTERVAL", "500ms");
    environment("DESCRY_DETAIL", "all");
  }

  Shell environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /**
   * What is typed for what a page says.
   *
   * @param replacements pairs: what the page has, and what stands for it here
   */
  static String typed(String page, String... replacements) {
    String typed = page.replace(JAR, DescryJvm.JAR.toString());
    for (int i = 0; i < replacements.length; i += 2) {
      assertThat(typed).contains(replacements[i]);
      typed = typed.replace(replacements[i], replacements[i + 1]);
    }
    return typed;
  }

  /**
   * Types commands, of which the last stays: {@code java} or {@code mvn}, which the shell becomes.
   */
  RunningJvm start(String page, String... replacements) {
    String typed = typed(page, replacements);
    String becoming = COMMAND.matcher(typed).replaceFirst("exec $1");
    assertThat(becoming).isNotEqualTo(typed);
    return new RunningJvm(builder(becoming), run.base());
  }

  /**
   * Types commands that end, and end well.
   *
   * @return what they printed, errors too
   */
  String run(String page, String... replacements) {
    String typed = typed(page, replacements);
    Path out = run.directory().resolve("typed.out");
    try {
      Process process =
          builder(typed).redirectErrorStream(true).redirectOutput(out.toFile()).start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("does not end: " + typed);
      }
      String printed = Files.readString(out, StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as("%s%n%s", typed, printed).isZero();
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ProcessBuilder builder(String typed) {
    ProcessBuilder builder =
        new ProcessBuilder(List.of("sh", "-e", "-c", typed))
            .directory(run.directory().toFile())
            .redirectInput(Path.of("/dev/null").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("MAVEN_"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().putAll(environment);
    return builder;
  }
}
