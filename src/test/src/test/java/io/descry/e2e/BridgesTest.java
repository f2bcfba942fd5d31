package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Descry where operators look already: in the application's Micrometer, and in JMX. */
class BridgesTest {
  private static final String LAB = "io.descry.lab.bridge.";
  private static final String[] NONE = {};

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aSpringBootServiceShowsItsLeakInActuatorAndJmx(Jdks.Jdk jdk) throws Exception {
    DescryJvm jvm = new DescryJvm(jdk, "actuator").option("micrometer", "on").option("jmx", "on");
    try (RunningJvm running =
        jvm.withLibraries()
            .main(
                LAB + "ActuatorService",
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--management.endpoints.web.exposure.include=prometheus",
                // Found either way; one on each JDK.
                "--management.metrics.use-global-registry=" + (jdk.feature() == 17),
                "--management.metrics.tags.application=quotes")
            .start()) {
      URI service = URI.create("http://127.0.0.1:" + running.hear("port ").substring(5));
      for (int i = 0; i < 15; i++) {
        assertThat(get(service.resolve("/quote"))).isEqualTo("42");
      }
      URI scrape = service.resolve("/actuator/prometheus");
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> get(scrape).contains("rule=\"owner-unreachable\""));
      String text = get(scrape);
      Files.writeString(jvm.directory().resolve("prometheus.txt"), text);
      assertThat(text)
          .containsPattern(
              "\ndescry_findings\\{application=\"quotes\",confidence=\"certain\",library=\"none\","
                  + "owner=\"java\",rule=\"owner-unreachable\"} 1")
          .containsPattern("\ndescry_descriptors_open\\{[^}]*kind=\"socket.tcp\"[^}]*} [1-9]")
          .containsPattern("\ndescry_opens_total\\{[^}]*kind=\"file\"[^}]*} [1-9]")
          .containsPattern("\ndescry_scan_duration_seconds_count\\{[^}]*} [1-9]")
          .containsOnlyOnce("\ndescry_blind{")
          .contains("\njvm_memory_used_bytes{");
      readByJmx(running, jvm);
      running.signal("TERM");
      running.await();
      assertThat(running.err()).filteredOn(line -> line.startsWith("descry: ")).hasSize(4);
    }
  }

  private static void readByJmx(RunningJvm running, DescryJvm jvm) throws Exception {
    try (JMXConnector connector = JMXConnectorFactory.connect(running.managementAddress())) {
      MBeanServerConnection server = connector.getMBeanServerConnection();
      ObjectName name = new ObjectName("io.descry:type=Descry");
      await().atMost(Duration.ofMinutes(2)).until(() -> server.isRegistered(name));
      assertThat((int) server.getAttribute(name, "Open")).isGreaterThan(15);
      long scans = (long) server.getAttribute(name, "Scans");
      assertThat((int) server.invoke(name, "scan", null, null)).isPositive();
      assertThat((long) server.getAttribute(name, "Scans")).isGreaterThan(scans);
      TabularData kinds = (TabularData) server.getAttribute(name, "OpenByKind");
      assertThat((int) kinds.get(new Object[] {"socket.tcp"}).get("value")).isGreaterThan(10);
      CompositeData finding =
          Stream.of((CompositeData[]) server.getAttribute(name, "Findings"))
              .filter(one -> one.get("rule").equals("owner-unreachable"))
              .findAny()
              .orElseThrow();
      assertThat((String) finding.get("site")).contains("ActuatorService.quote");
      assertThat((String[]) finding.get("evidence")).isNotEmpty();
      assertThat((String[]) server.invoke(name, "writeReport", null, null))
          .containsExactly(jvm.base() + ".txt", jvm.base() + ".json");
      String[] signature = {String.class.getName()};
      assertThat((String[]) server.invoke(name, "writeReport", new Object[] {"now"}, signature))
          .containsExactly(jvm.base() + "-now.txt", jvm.base() + "-now.json")
          .allMatch(file -> Files.exists(Path.of(file)));
      Report report = Report.read(Path.of(jvm.base() + "-now.json"));
      assertThat(report.reason()).isEqualTo("demand");
      assertThat(report.findings()).anyMatch(one -> one.rule().equals("owner-unreachable"));
      assertThatThrownBy(
              () -> server.invoke(name, "writeReport", new Object[] {"/../../x"}, signature))
          .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void everyRegistryIsFoundAndNoLoaderPinned(Jdks.Jdk jdk) throws IOException {
    DescryJvm jvm = new DescryJvm(jdk, "registries").option("micrometer", "on");
    try (RunningJvm running =
        jvm.withLibraries().main(LAB + "Registries", olderMicrometer().toArray(NONE)).start()) {
      running.hear("ready");
      for (String registry : List.of("global", "beside", "older")) {
        await()
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofMillis(500))
            .untilAsserted(
                () -> {
                  running.say("show");
                  assertThat(running.hear(registry + " "))
                      .contains(" descry.descriptors.open ", " descry.scan.duration");
                  running.hear("shown");
                });
      }
      running.say("undeploy");
      assertThat(running.hear("collected ")).isEqualTo("collected true");
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aRuntimeWithoutManagementSaysSoInOneLine(Jdks.Jdk jdk) {
    DescryJvm jvm = new DescryJvm(jdk, "no-management").option("jmx", "on");
    try (RunningJvm running =
        jvm.jvm("--limit-modules", "java.instrument,jdk.unsupported")
            .main("io.descry.lab.life.Visible")
            .start()) {
      running.hear("ready");
      await().atMost(Duration.ofMinutes(2)).until(() -> running.err().size() == 2);
      assertThat(running.err().get(0))
          .isEqualTo("descry: jmx is off: this runtime has no module java.management");
      assertThat(running.err().get(1)).contains(" on, scanning every");
      running.say("end");
      assertThat(running.await()).isZero();
    }
  }

  /** Micrometer 1.0, with what the lab has of the libraries that it needs. */
  private static List<String> olderMicrometer() throws IOException {
    List<String> jars = new ArrayList<>();
    Path copied = Path.of(System.getProperty("descry.test.classpath"));
    try (Stream<Path> files = Files.list(copied.resolveSibling("oldest-micrometer"))) {
      files.map(Path::toString).forEach(jars::add);
    }
    for (String jar : Files.readString(copied).trim().split(File.pathSeparator)) {
      if (jar.contains("HdrHistogram") || jar.contains("LatencyUtils")) {
        jars.add(jar);
      }
    }
    assertThat(jars).hasSize(3);
    return jars;
  }

  private static String get(URI resource) {
    HttpRequest request =
        HttpRequest.newBuilder(resource)
            .header("Accept", "text/plain")
            .timeout(Duration.ofSeconds(20))
            .build();
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
