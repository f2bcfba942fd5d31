package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Descry adds to a flight recording, read by the JDK's own tool. */
class FlightRecorderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SCANS = Pattern.compile("descry_scan_duration_seconds_count (\\d+)");

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aRecordingHasFindingsScansAndTheWarning(Jdks.Jdk jdk) throws Exception {
    DescryJvm jvm = new DescryJvm(jdk, "flight-recorder");
    Path recording = jvm.directory().resolve("service.jfr");
    jvm.option("jfr", "on").option("alert", "jfr").option("metrics", "0").limit(190);
    jvm.jvm("-XX:StartFlightRecording=dumponexit=true,filename=" + recording);
    try (RunningJvm running = jvm.main("io.descry.lab.leaks.JavaLeaks", "30", "100").start()) {
      running.hear("ready");
      // The program counts what it opens: Descry's own is open by then.
      OutputsTest.endpoint(running);
      running.say("go");
      running.hear("leaked");
      int seen = scans(running);
      // Two scans that saw all that has leaked, and the one that was under way.
      await().atMost(Duration.ofMinutes(2)).until(() -> scans(running) >= seen + 3);
      running.terminate();
      assertThat(running.err()).anyMatch(line -> line.contains(", JFR events, "));
    }

    List<JsonNode> findings = events(jdk, recording, "descry.Finding");
    assertThat(findings)
        .filteredOn(event -> event.path("rule").asText().equals("owner-unreachable"))
        .anySatisfy(
            event -> {
              assertThat(event.path("change").asText()).isEqualTo("new");
              assertThat(event.path("confidence").asText()).isEqualTo("certain");
              assertThat(event.path("opener").asText()).contains("JavaLeaks.dropped");
              assertThat(event.path("evidence").asText()).contains("garbage-collected");
            });
    List<JsonNode> scans = events(jdk, recording, "descry.Scan");
    assertThat(scans).hasSizeGreaterThan(2);
    JsonNode last = scans.get(scans.size() - 1);
    assertThat(last.path("limit").asInt()).isEqualTo(190);
    assertThat(last.path("open").asInt()).isGreaterThan(150);
    assertThat(last.path("usage").asDouble()).isEqualTo(last.path("open").asDouble() / 190);
    assertThat(events(jdk, recording, "descry.Exhaustion"))
        .extracting(event -> event.path("change").asText())
        .startsWith("new");
    assertThat(events(jdk, recording, "descry.Alert"))
        .filteredOn(event -> event.path("name").asText().startsWith("finding-owner-unreachable"))
        .isNotEmpty()
        .allSatisfy(
            event -> {
              assertThat(event.path("state").asText()).isEqualTo("raised");
              assertThat(event.path("text").asText()).contains("garbage-collected");
            });
    assertThat(run(jdk, "summary", recording.toString())).contains("descry.Finding");
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aRuntimeWithoutTheRecorderSaysSoInOneLine(Jdks.Jdk jdk) {
    DescryJvm jvm = new DescryJvm(jdk, "no-flight-recorder").option("jfr", "on");
    jvm.jvm("--limit-modules", "java.instrument,java.logging,java.management,jdk.unsupported");
    try (RunningJvm running = jvm.main("io.descry.lab.leaks.JavaLeaks", "1", "1").start()) {
      running.hear("ready");
      running.attach("dump=" + jvm.directory().resolve("begun"));
      assertThat(running.err())
          .filteredOn(line -> line.contains("JFR"))
          .containsExactly(
              "descry: JFR events are off: this Java runtime has no flight recorder"
                  + " (module jdk.jfr)");
    }
  }

  private static int scans(RunningJvm running) {
    Matcher count = SCANS.matcher(OutputsTest.scrape(OutputsTest.endpoint(running), "text/plain"));
    return count.find() ? Integer.parseInt(count.group(1)) : 0;
  }

  private static List<JsonNode> events(Jdks.Jdk jdk, Path recording, String name) throws Exception {
    List<JsonNode> events = new ArrayList<>();
    JSON.readTree(run(jdk, "print", "--json", "--events", name, recording.toString()))
        .path("recording")
        .path("events")
        .forEach(event -> events.add(event.path("values")));
    return events;
  }

  private static String run(Jdks.Jdk jdk, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(jdk.tool("jfr")));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).isZero();
    return out;
  }
}
