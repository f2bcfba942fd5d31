package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line of the packaged jar, as a person calls it. */
record Cli(Jdks.Jdk jdk, Path jar, List<String> before) {
  private static final int PATIENCE_SECONDS = 120;

  /** What a command did. */
  record Result(int status, String out, String err) {
    /** The same, having ended with this status and printed no error. */
    Result succeeded() {
      assertThat(status).as("%s%s", out, err).isZero();
      assertThat(err).isEmpty();
      return this;
    }

    /** Its one message, having ended because what was asked for cannot be done. */
    String refusal() {
      assertThat(status).as("%s%s", out, err).isEqualTo(2);
      assertThat(out).isEmpty();
      assertThat(err).startsWith("descry: ").doesNotContain("\tat ");
      return err;
    }
  }

  /** That of a JDK. */
  static Cli of(Jdks.Jdk jdk) {
    return new Cli(jdk, DescryJvm.JAR, List.of());
  }

  /** The same, started by way of another program. */
  Cli through(String... words) {
    return new Cli(jdk, jar, List.of(words));
  }

  /** The words that start it. */
  List<String> words(String... arguments) {
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of(jdk.tool("java"), "-jar", jar.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs a command to its end. */
  Result run(String... arguments) {
    try {
      Path directory = Files.createTempDirectory("descry-cli");
      Path out = directory.resolve("out");
      Path err = directory.resolve("err");
      ProcessBuilder builder =
          new ProcessBuilder(words(arguments))
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      builder.environment().remove("JDK_JAVA_OPTIONS");
      Process process = builder.start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(List.of(arguments) + " does not end");
      }
      Result result =
          new Result(
              process.exitValue(),
              Files.readString(out, StandardCharsets.UTF_8),
              Files.readString(err, StandardCharsets.UTF_8));
      for (Path file : List.of(out, err, directory)) {
        Files.delete(file);
      }
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
