package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.descry.e2e.Report.Finding;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that say how many descriptors they hold: rightly, wrongly, and without an agent. */
class ExpectedHandlesTest {
  private static final String POOLS = "io.descry.lab.expected.Pools";
  private static final int POOL = 5;
  private static final int LEAKED = 40;
  private static final String PAUSE = "800";
  private static final Pattern ENDPOINT = Pattern.compile("metrics at (http://[^,\\s]+)");

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void whatIsInNoBookIsFoundAndWhatIsInOneIsNot(Jdks.Jdk jdk) throws Exception {
    try (Running programs = new Running()) {
      RunningJvm leak = pools(jdk, "leak").option("metrics", "0").start();
      programs.add("leak", leak);
      DescryJvm bare = pools(jdk, "leak", "late").bare();
      if (jdk.feature() > 17) {
        bare.jvm("-XX:+EnableDynamicAgentLoading");
      }
      RunningJvm late = bare.start();
      programs.add("late", late);
      RunningJvm right = pools(jdk, "right").start();
      programs.add("right", right);
      programs.each(program -> program.hear("ready"));
      late.attach("report=" + bare.base() + ",formats=json,interval=500ms,detail=all");
      programs.each(RunningJvm::awaitSettled);
      programs.each(program -> program.say("go"));
      for (RunningJvm program : List.of(leak, late)) {
        awaitFinding(program, finding -> finding.confidence().equals("probable"));
      }
      programs.each(
          program ->
              assertThat(program.hear("done "))
                  .isEqualTo("done " + (program == right ? POOL : POOL + LEAKED)));
      for (RunningJvm program : List.of(leak, late)) {
        awaitFinding(program, finding -> finding.count() == LEAKED);
        judge(program.dump("whole"));
      }
      metrics(leak);
      assertThat(right.dump("now").findings()).isEmpty();
      assertThat(right.dump("now").blind()).isEmpty();
      programs.each(program -> program.say("end"));
      programs.each(program -> assertThat(program.await()).isZero());
      assertThat(right.report().findings()).isEmpty();
      assertThat(leak.report().findings()).hasSize(1);
    }
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("io.descry.e2e.Jdks#all")
  void withoutTheAgentNothingHappens(Jdks.Jdk jdk) {
    try (RunningJvm bare = pools(jdk, "right", "bare").bare().start()) {
      bare.hear("ready");
      bare.say("go");
      assertThat(bare.hear("done ")).isEqualTo("done 5");
      bare.say("end");
      assertThat(bare.await()).isZero();
      assertThat(bare.err()).isEmpty();
    }
  }

  @Test
  void theAgentDoesNotBringIt() throws IOException {
    assertThat(AgentClasses.names())
        .noneMatch(name -> name.startsWith("io.descry.api."))
        .contains("io.descry.ledger.ExpectedBooks");
  }

  private static void awaitFinding(RunningJvm program, Predicate<Finding> expected) {
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> program.dump("now").findings().stream().anyMatch(expected));
  }

  private static void judge(Report report) throws Exception {
    assertThat(report.findings()).hasSize(1);
    Finding finding = report.findings().get(0);
    assertThat(finding.rule()).isEqualTo("unexpected-handles");
    assertThat(finding.hazard()).isFalse();
    assertThat(finding.group().kind()).isEqualTo("file");
    assertThat(finding.group().siteHas("Pools.audit(")).isTrue();
    assertThat(finding.evidence())
        .filteredOn(text -> text.startsWith("the application expects"))
        .hasSize(2)
        .anyMatch(text -> text.contains("expects 5 of \"files\"") && text.contains("45 are open"))
        .anyMatch(text -> text.contains("expects 5 of \"moved\"") && text.contains("45 are open"));
    for (JsonNode evidence : report.json().at("/findings/0/evidence")) {
      if (!evidence.path("type").asText().equals("expected")) {
        continue; // EvidenceTest's
      }
      assertThat(shown(evidence.path("check").asText())).isEqualTo(POOL + LEAKED);
    }
  }

  private static int shown(String command) throws IOException, InterruptedException {
    Process shell = new ProcessBuilder("sh", "-c", command).start();
    String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(command).isZero();
    return Integer.parseInt(out.strip());
  }

  private static void metrics(RunningJvm program) throws IOException, InterruptedException {
    Matcher matcher = ENDPOINT.matcher(String.join("\n", program.err()));
    assertThat(matcher.find()).as("%s", program.err()).isTrue();
    HttpRequest request = HttpRequest.newBuilder(URI.create(matcher.group(1))).build();
    String text =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    assertThat(text)
        .contains("\ndescry_expected_handles{name=\"files\"} 5.0\n")
        .contains("\ndescry_expected_handles{name=\"moved\"} 5.0\n")
        .contains("\ndescry_expected_discrepancy{name=\"files\"} 40.0\n")
        .doesNotContain("name=\"closed\"");
  }

  private static DescryJvm pools(Jdks.Jdk jdk, String... words) {
    String name = "expected-" + words[words.length - 1];
    String pause = words[words.length - 1].equals("bare") ? "10" : PAUSE;
    return new DescryJvm(jdk, name)
        .withLibraries()
        .main(POOLS, words[0], Integer.toString(LEAKED), pause);
  }
}
