package io.descry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class OtlpSettingsTest {
  private final Map<String, String> options = new HashMap<>();
  private final Properties properties = new Properties();
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private OtlpSettings read() {
    problems.clear();
    return OtlpSettings.read(options, properties, environment, OtlpSettingsTest::seconds, problems);
  }

  private static Duration seconds(String text) {
    return Duration.ofSeconds(Long.parseLong(text.replaceFirst("s$", "")));
  }

  @Test
  void anAddressOfItsOwnGetsNobodyElsesHeaders() {
    options.put("otlp", "https://collector.example:4318");
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=secret");
    OtlpSettings settings = read();
    assertThat(settings.address())
        .isEqualTo(URI.create("https://collector.example:4318/v1/metrics"));
    assertThat(settings.headers()).isEmpty();
    options.put("otlp", "https://collector.example/v1/metrics?key=secret");
    assertThat(read().shown()).isEqualTo("https://collector.example/v1/metrics");
    assertThat(settings.interval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.delta()).isFalse();

    options.put("otlp", "http://collector.example/tenant/7/push");
    options.put("otlp.headers", "authorization=Basic YQ==; x-scope = a,b ;nonsense;=none");
    assertThat(read().address()).isEqualTo(URI.create("http://collector.example/tenant/7/push"));
    assertThat(read().headers())
        .containsExactly(Map.entry("authorization", "Basic YQ=="), Map.entry("x-scope", "a,b"));
    assertThat(problems).isEmpty();
  }

  @Test
  void onIsWhatTheApplicationsOwnExporterUses() {
    options.put("otlp", "on");
    assertThat(read().address()).isEqualTo(URI.create("http://localhost:4318/v1/metrics"));
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:4318/");
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20a+b,broken=%zz");
    environment.put("OTEL_METRIC_EXPORT_INTERVAL", "15000");
    environment.put("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "Delta");
    OtlpSettings settings = read();
    assertThat(settings.address()).isEqualTo(URI.create("http://all:4318/v1/metrics"));
    assertThat(settings.headers())
        .isEqualTo(Map.of("authorization", "Bearer a+b", "broken", "%zz"));
    assertThat(settings.interval()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.delta()).isTrue();

    environment.put("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://metrics/take");
    environment.put("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "only=this");
    assertThat(read().address()).isEqualTo(URI.create("http://metrics/take"));
    assertThat(read().headers()).isEqualTo(Map.of("only", "this"));
    properties.put("otel.exporter.otlp.metrics.endpoint", "http://property/");
    options.put("otlp.interval", "7s");
    options.put("otlp.headers", "mine=1");
    assertThat(read().address()).isEqualTo(URI.create("http://property/v1/metrics"));
    assertThat(read().headers()).isEqualTo(Map.of("mine", "1"));
    assertThat(read().interval()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void theResourceIsThatOfTheServiceAndEachProcessIsAnInstance() {
    options.put("otlp", "on");
    Map<String, String> unnamed = read().resource();
    assertThat(unnamed)
        .containsEntry("service.name", "unknown_service:java")
        .containsEntry("process.pid", Long.toString(ProcessHandle.current().pid()));
    assertThat(read().resource().get("service.instance.id"))
        .isNotEqualTo(unnamed.get("service.instance.id"));
    environment.put(
        "OTEL_RESOURCE_ATTRIBUTES",
        "service.name=cart,deployment.environment=eu%2Cwest,service.instance.id=7");
    assertThat(read().resource())
        .containsEntry("service.name", "cart")
        .containsEntry("deployment.environment", "eu,west")
        .containsEntry("service.instance.id", "7");
    environment.put("OTEL_SERVICE_NAME", "shop");
    assertThat(read().resource()).containsEntry("service.name", "shop");
  }

  @Test
  void whatCannotBeUsedIsSaid() {
    for (String bad :
        List.of(
            "yes", "collector:4318", "ftp://x/", "http://", "http://a b/", "http://u:hidden@a")) {
      options.put("otlp", bad);
      assertThat(read()).as(bad).isNull();
      assertThat(problems)
          .singleElement()
          .asString()
          .startsWith("otlp is off: ")
          .doesNotContain("hidden");
    }
    options.put("otlp", "http://localhost:4318");
    options.put("otlp.interval", "often");
    assertThat(read().interval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(problems).singleElement().asString().contains("often", "using 60s");
    options.put("otlp.interval", "0s");
    assertThat(read().interval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(problems).singleElement().asString().contains("using 1s");
    options.remove("otlp.interval");
    environment.put("OTEL_METRIC_EXPORT_INTERVAL", "a minute");
    assertThat(read().interval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(problems).singleElement().asString().contains("OTEL_METRIC_EXPORT_INTERVAL");
  }
}
