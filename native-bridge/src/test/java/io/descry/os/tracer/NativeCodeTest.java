package io.descry.os.tracer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The C tests, see src/build/tests.sh. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the tracer is for Linux")
@EnabledIfSystemProperty(
    named = "basedir",
    matches = ".+",
    disabledReason = "no JDK changes what C does: they run by Maven only, once")
class NativeCodeTest {
  private static final int LEFT_OUT = 77;

  @ParameterizedTest
  @ValueSource(strings = {"plain", "address", "thread", "aarch64"})
  void passes(String way) throws IOException, InterruptedException {
    Path module = Path.of(System.getProperty("basedir"));
    Path out = Files.createDirectories(module.resolve("target").resolve("c-tests"));
    Path log = out.resolve(way + ".log");
    int status =
        new ProcessBuilder(
                "sh", module.resolve("src/build/tests.sh").toString(), way, out.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    String said = Files.readString(log).strip();
    String last = said.substring(said.lastIndexOf('\n') + 1);
    System.out.println(last);
    if (status == LEFT_OUT) {
      BuiltLibrary.leaveOut(last);
    }
    assertThat(status).as(said).isZero();
  }
}
