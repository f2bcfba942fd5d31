package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** OpenTelemetry's agent, the JMX exporter and Descry in one JVM: each does its work. */
class OtherAgentsTest {
  private static final Path AGENTS = Path.of(System.getProperty("descry.test.apps"));
  private static final String SERVICE =
      "-cp " + System.getProperty("descry.test.classes") + " io.descry.lab.agents.Service";
  private static final String LEAK = "io.descry.lab.agents.Service.forget(Service.java:";
  private static final int REQUESTS = 12;
  private static final Page PAGE = Page.of("running/other-agents.md");

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void descryFirst(Jdks.Jdk jdk) throws IOException {
    Report report = startedWith(jdk, "-javaagent:/opt/descry/descry.jar=jmx=on -javaagent:open");
    // What the others have open is shown with who opened it.
    assertThat(report.groups())
        .anyMatch(group -> group.kind().equals("socket.tcp") && group.siteHas("io.prometheus.jmx."))
        .anyMatch(group -> group.siteHas("ServiceInstanceIdResourceProvider."));
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void descryLast(Jdks.Jdk jdk) throws IOException {
    Report report = startedWith(jdk, "9404:jmx.yaml -javaagent:/opt/descry/descry.jar=jmx=on");
    assertThat(report.groups())
        .noneMatch(group -> group.siteHas("ServiceInstanceIdResourceProvider."))
        .anyMatch(group -> group.kind().equals("socket.tcp") && group.owner().equals("inherited"));
  }

  private static Report startedWith(Jdks.Jdk jdk, String order) throws IOException {
    DescryJvm run = new DescryJvm(jdk, order.startsWith("9404") ? "agents-last" : "agents-first");
    String port = Integer.toString(Web.freePort());
    Shell shell = shell(jdk, run);
    try (RunningJvm running = start(shell, PAGE.block("sh", order), port)) {
      URI service = Web.at(running.hear(Pattern.compile("port (\\d+)")));
      Web.times(REQUESTS, service.resolve("/quote"));
      collect(shell, running);
      assertThat(running.dump("clean").findings()).isEmpty();
      Web.times(REQUESTS, service.resolve("/forget"));
      eachWorks(shell, running, port);
      Report report = end(running);
      assertThat(descrys(running)).hasSizeGreaterThanOrEqualTo(2);
      return report;
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void descryAttachedLater(Jdks.Jdk jdk) throws IOException {
    DescryJvm run = new DescryJvm(jdk, "agents-later");
    String port = Integer.toString(Web.freePort());
    Shell shell = shell(jdk, run);
    String start =
        PAGE.block("sh", "-javaagent:/opt/descry/descry.jar=jmx=on -javaagent:open")
            .replace("-javaagent:/opt/descry/descry.jar=jmx=on ", "");
    try (RunningJvm running = start(shell, start, port)) {
      URI service = Web.at(running.hear(Pattern.compile("port (\\d+)")));
      Web.times(1, service.resolve("/quote"));
      String attach = PAGE.block("sh", "descry.jar attach");
      assertThat(
              shell.run(
                  attach,
                  "PID",
                  "" + running.pid(),
                  "jmx=on",
                  "jmx=on interval=500ms formats=text+json detail=all report=" + run.base()))
          .contains("Descry watches process " + running.pid());
      Web.times(REQUESTS, service.resolve("/quote"));
      collect(shell, running);
      assertThat(running.dump("clean").findings()).isEmpty();
      Web.times(REQUESTS, service.resolve("/forget"));
      eachWorks(shell, running, port);
      end(running);
    }
  }

  /** A shell in a directory where the other agents are. */
  private static Shell shell(Jdks.Jdk jdk, DescryJvm run) throws IOException {
    for (String jar : List.of("opentelemetry-javaagent.jar", "jmx_prometheus_javaagent.jar")) {
      Files.createSymbolicLink(run.directory().resolve(jar), AGENTS.resolve(jar));
    }
    Files.writeString(
        run.directory().resolve("jmx.yaml"), PAGE.block("yaml", "includeObjectNames"));
    return new Shell(jdk, run);
  }

  private static RunningJvm start(Shell shell, String command, String port) {
    return shell.start(command, "9404:", "127.0.0.1:" + port + ":", "-jar app.jar", SERVICE);
  }

  /** Descry names the leak, the exporter serves Descry's bean, OpenTelemetry has its spans. */
  private static void eachWorks(Shell shell, RunningJvm running, String port) {
    collect(shell, running);
    String scrape = PAGE.block("sh", "/metrics");
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertThat(shell.run(scrape, "9404", port))
                  .containsPattern("io_descry_Descry_Open [1-9]")
                  .containsPattern("io_descry_Descry_OpenByKind\\{key=\"socket.tcp\",?} [1-9]");
              assertThat(running.dump("now").findings()).hasSize(1);
            });
    assertThat(Web.get(Web.at(port).resolve("/metrics"))).contains("\njava_lang_Threading_");
    for (String path : List.of("/quote", "/forget")) {
      assertThat(running.err())
          .anyMatch(line -> line.contains("LoggingSpanExporter - 'GET " + path + "' : "));
    }
  }

  private static Report end(RunningJvm running) {
    running.signal("TERM");
    assertThat(running.await()).isEqualTo(143);
    Report report = running.report();
    assertThat(report.reason()).isEqualTo("shutdown");
    assertThat(report.findings()).hasSize(1);
    Report.Finding finding = report.findings().get(0);
    assertThat(finding.rule()).isEqualTo("owner-unreachable");
    assertThat(finding.count()).isEqualTo(REQUESTS);
    assertThat(finding.group().owner()).isEqualTo("java");
    assertThat(finding.group().siteHas(LEAK)).isTrue();
    List<String> others = new ArrayList<>(running.err());
    others.removeAll(descrys(running));
    // The JVM speaks of agents in the boot class path, as OpenTelemetry's is, and of attaching.
    assertThat(others)
        .allMatch(
            line ->
                line.startsWith("[otel.javaagent ")
                    || line.contains("Sharing is only supported for boot loader classes")
                    || line.startsWith("WARNING: A Java agent has been loaded dynamically")
                    || line.startsWith("WARNING: If a serviceability tool is ")
                    || line.startsWith("WARNING: Dynamic loading of agents will be disallowed"));
    assertThat(others)
        .filteredOn(line -> line.contains(" WARN ") || line.contains(" ERROR "))
        .isEmpty();
    return report;
  }

  private static List<String> descrys(RunningJvm running) {
    return running.err().stream().filter(line -> line.startsWith("descry: ")).toList();
  }

  private static void collect(Shell shell, RunningJvm running) {
    shell.run("jcmd " + running.pid() + " GC.run");
  }
}
