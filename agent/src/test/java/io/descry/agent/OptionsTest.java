package io.descry.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.detect.Thresholds;
import io.descry.http.ListenAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private final List<String> problems = new ArrayList<>();
  private final Properties properties = new Properties();

  @Test
  void withoutAnyTheDefaultsHold() {
    Options options = read("", Map.of());
    assertThat(options.report()).isEqualTo("descry-%p");
    assertThat(options.formats()).containsExactly(Options.Format.TEXT);
    assertThat(options.interval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(options.metrics()).isNull();
    assertThat(options.stacks()).isEqualTo(Options.Stacks.BUDGET);
    assertThat(options.exact()).isTrue();
    assertThat(options.nativeTracer()).isTrue();
    assertThat(options.allDescriptors()).isFalse();
    assertThat(problems).isEmpty();
  }

  @Test
  void everyKeyIsRead() {
    Options options =
        read(
            "report=/tmp/r-%t,formats=text+json,interval=500ms,metrics=0.0.0.0:9404,stacks=all,"
                + "start=later,"
                + "native=off,detail=all,dump=/tmp/d,follow=/tmp/f,gc=report,"
                + "threshold.pool=200,threshold.loops=50,threshold.outliers=30,threshold.unused=40,threshold.peergone=10s,"
                + "threshold.halfmade=2m,log=/tmp/l,modules=/tmp/m.jar",
            Map.of());
    assertThat(options)
        .isEqualTo(
            new Options(
                "/tmp/r-%t",
                java.util.Set.of(Options.Format.TEXT, Options.Format.JSON),
                Duration.ofMillis(500),
                new ListenAddress("0.0.0.0", 9404),
                Options.Stacks.ALL,
                false,
                false,
                true,
                "/tmp/d",
                "/tmp/f",
                true,
                new Thresholds(200, 50, 30, 40, Duration.ofSeconds(10), Duration.ofMinutes(2)),
                "/tmp/l",
                "/tmp/m.jar",
                Map.of()));
    assertThat(problems).isEmpty();
  }

  @Test
  void theNearestWins(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("descry.properties");
    Files.writeString(file, "interval=1s\nstacks=none\nreport=file\ndescry.detail=all\n");
    properties.setProperty("descry.config", file.toString());
    properties.setProperty("descry.interval", "3s");
    Map<String, String> environment =
        Map.of("DESCRY_INTERVAL", "2s", "DESCRY_REPORT", "environment");
    Options options = read("interval=4s", environment);
    assertThat(options.interval()).isEqualTo(Duration.ofSeconds(4));
    assertThat(options.report()).isEqualTo("environment");
    assertThat(options.stacks()).isEqualTo(Options.Stacks.NONE);
    assertThat(options.allDescriptors()).isTrue();
    assertThat(read("", environment).interval()).isEqualTo(Duration.ofSeconds(3));
    assertThat(problems).isEmpty();
  }

  @Test
  void thresholdsComeFromEverywhereToo() {
    properties.setProperty("descry.threshold.pool", "300");
    properties.setProperty("descry.jna.boot", "what a library reads is not ours");
    assertThat(read("", Map.of("DESCRY_THRESHOLD_LOOPS", "7")).thresholds())
        .isEqualTo(
            new Thresholds(
                300,
                7,
                Thresholds.DEFAULT.outliers(),
                Thresholds.DEFAULT.unused(),
                Thresholds.DEFAULT.peerGone(),
                Thresholds.DEFAULT.halfMade()));
    assertThat(problems).isEmpty();
  }

  @Test
  void anUnknownKeyIsReportedWithTheKnownOnes() {
    read("intervall=1s", Map.of());
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains("'intervall'").contains("interval, log, metrics");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "5x", "", "-1s", "s", "1.5s", "99999999999999999999s"})
  void aBadDurationIsReportedAndTheDefaultHolds(String text) {
    assertThat(read("interval=" + text, Map.of()).interval())
        .isIn(Duration.ofSeconds(30), Duration.ofMillis(500));
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains("interval").contains("using");
  }

  @Test
  void whatIsTooShortIsTheShortest() {
    assertThat(read("interval=1ms", Map.of()).interval()).isEqualTo(Duration.ofMillis(500));
    assertThat(problems).containsExactly("option interval=1ms is less than 500ms; using 500ms");
  }

  @Test
  void whatIsTooLongIsTheLongest() {
    assertThat(read("interval=1000000000000000h", Map.of()).interval())
        .isEqualTo(Duration.ofDays(1));
    assertThat(problems).hasSize(1);
  }

  @Test
  void aFileThatNeverEndsIsNotRead() {
    read("config=/dev/zero", Map.of());
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains("/dev/zero");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "report=a\0b",
        "formats=pdf",
        "stacks=some",
        "start=never",
        "native=on",
        "detail=none",
        "metrics=99999",
        "metrics=x",
        "interval",
        "gc=always",
        "threshold.pool=0",
        "threshold.loops=-1",
        "threshold.outliers=many",
        "threshold.peergone=-5s",
        "threshold.halfmade=5",
        "threshold.other=5"
      })
  void badValuesAreReportedOnceAndDefaultsHold(String argument) {
    assertThat(read(argument, Map.of())).isEqualTo(read("", Map.of()));
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains(argument.replaceAll("=.*", ""));
  }

  @Test
  void aFileThatIsNotThereIsReported() {
    read("config=/nowhere/descry.properties", Map.of());
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains("/nowhere/descry.properties");
  }

  @Test
  void propertiesOfDescrysLibrariesAreNotOptions() {
    properties.setProperty("descry.jna.loaded", "true");
    read("", Map.of("DESCRY", "x"));
    assertThat(problems).isEmpty();
  }

  private Options read(String argument, Map<String, String> environment) {
    return Options.read(argument, properties, environment, problems);
  }
}
