package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules and the dashboard that are shipped, in the hands of a real Prometheus. */
class FleetTest {
  private static final Path ROOT = Path.of(System.getProperty("descry.test.root"));
  private static final Path RULES = ROOT.resolve("monitoring/descry-rules.yml");
  private static final Path DASHBOARD = ROOT.resolve("monitoring/descry-dashboard.json");
  private static final Pattern NAME = Pattern.compile("(?:[a-z]+:)?descry_\\w+(?::\\w+)?");
  private static final Pattern RECORDED = Pattern.compile("record: (\\S+)");
  private static final Pattern PENDING = Pattern.compile("(?m)^( +for:) \\w+$");

  private static final String SAME_FINDING =
      "sum by (rule) (job:descry_findings:count{rule=\"owner-unreachable\"}) == 1";

  @Test
  void theRulesDoWhatTheirTestsSay() throws Exception {
    assertThat(Prometheus.tool("check", "rules", RULES.toString())).contains("SUCCESS");
    assertThat(
            Prometheus.tool(
                "test", "rules", ROOT.resolve("monitoring/descry-rules-test.yml").toString()))
        .contains("SUCCESS");
    String tests = Files.readString(ROOT.resolve("monitoring/descry-rules-test.yml"));
    assertThat(found(Pattern.compile("- alert: (\\w+)"), Files.readString(RULES)))
        .as("each alert is tested")
        .isNotEmpty()
        .allSatisfy(alert -> assertThat(tests).contains(alert));
  }

  @Test
  void rulesAndDashboardUseOnlyMetricsThatExist() throws Exception {
    Set<String> known = found(RECORDED, Files.readString(RULES));
    known.addAll(found(NAME, Files.readString(ROOT.resolve("docs/metrics.md"))));
    known.add("descry_scan_duration_seconds_sum");

    assertThat(known).containsAll(found(NAME, String.join("\n", expressions())));
    assertThat(known).containsAll(found(NAME, Files.readString(RULES)));
  }

  @Test
  void theDashboardsExpressionsParse(@TempDir Path directory) throws Exception {
    StringBuilder rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
    int number = 0;
    for (String expression : expressions()) {
      rules
          .append("  - record: panel:n%d\n    expr: '".formatted(number++))
          .append(expression.replace("$__rate_interval", "5m"))
          .append("'\n");
    }
    assertThat(number).isGreaterThan(10);
    Path file = Files.writeString(directory.resolve("dashboard.yml"), rules);
    assertThat(Prometheus.tool("check", "rules", file.toString()))
        .contains("SUCCESS: " + number + " rules");
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aPrometheusSeesTheLeak(Jdks.Jdk jdk) throws Exception {
    DescryJvm jvm = new DescryJvm(jdk, "fleet").option("metrics", "0").limit(190);
    // The rules as they are, but that an alert need not last minutes.
    Path rules =
        Files.writeString(
            jvm.directory().resolve("rules.yml"),
            PENDING.matcher(Files.readString(RULES)).replaceAll("$1 2s"));
    try (RunningJvm running = jvm.main("io.descry.lab.leaks.JavaLeaks", "30", "100").start()) {
      running.hear("ready");
      String endpoint = OutputsTest.endpoint(running).getAuthority();
      try (Prometheus prometheus = Prometheus.start(jvm.directory(), rules, endpoint)) {
        running.say("go");
        await()
            .atMost(Duration.ofMinutes(2))
            .untilAsserted(
                () ->
                    assertThat(firing(prometheus))
                        .contains(
                            "DescriptorsNearLimit",
                            "DescriptorLeakCertain owner-unreachable",
                            "DescriptorHazard closed-by-collector"));
        await()
            .atMost(Duration.ofMinutes(2))
            .untilAsserted(
                () -> {
                  assertThat(prometheus.query("job:descry_descriptors_usage:max > 0.8")).hasSize(1);
                  assertThat(prometheus.query(SAME_FINDING)).hasSize(1);
                });
        for (String expression : expressions()) {
          prometheus.query(
              expression.replaceAll("\\$(job|instance)", ".*").replace("$__rate_interval", "5m"));
        }
        assertThat(prometheus.query("count({__name__=~\"descry_.*\"}) < 100"))
            .as("series of one JVM")
            .hasSize(1);
      }
    }
  }

  private static List<String> firing(Prometheus prometheus) {
    List<String> firing = new ArrayList<>();
    for (JsonNode alert : prometheus.alerts()) {
      if (alert.path("state").asText().equals("firing")) {
        JsonNode labels = alert.path("labels");
        firing.add(
            (labels.path("alertname").asText() + " " + labels.path("rule").asText()).strip());
      }
    }
    return firing;
  }

  /** The queries of all panels. */
  private static List<String> expressions() throws Exception {
    List<String> expressions = new ArrayList<>();
    for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels")) {
      panel.path("targets").forEach(target -> expressions.add(target.path("expr").asText()));
    }
    return expressions;
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.groupCount() == 0 ? match.group() : match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
