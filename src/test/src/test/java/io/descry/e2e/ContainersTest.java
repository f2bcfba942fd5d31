package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/running says of Docker and of Kubernetes, done. */
class ContainersTest {
  private static final Page DOCKER = Page.of("running/docker.md");
  private static final Page KUBERNETES = Page.of("running/kubernetes.md");
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  /** The image of a service in which nothing of Descry is. */
  private static final String WITHOUT =
      """
      FROM BASE
      COPY --chmod=644 orders.jar /opt/orders/orders.jar
      USER 10001:10001
      ENTRYPOINT ["java", "-jar", "/opt/orders/orders.jar"]
      """;

  private static final String POM =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0">
        <modelVersion>4.0.0</modelVersion>
        <groupId>com.example</groupId>
        <artifactId>orders</artifactId>
        <version>1.0</version>
        <properties>
          <maven.compiler.release>17</maven.compiler.release>
          <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
        </properties>
        <build>
          <plugins>
            <plugin>
              <artifactId>maven-resources-plugin</artifactId>
              <version>%s</version>
            </plugin>
            <plugin>
              <artifactId>maven-compiler-plugin</artifactId>
              <version>%s</version>
            </plugin>
            %s
          </plugins>
        </build>
      </project>
      """;

  private static final Map<String, String> OFTEN =
      Map.of("DESCRY_INTERVAL", "500ms", "DESCRY_ALERT", "log");

  @BeforeAll
  static void onlyRootCanRunThem() {
    assumeTrue(
        System.getProperty("user.name").equals("root") || "true".equals(System.getenv("CI")),
        "only root can run containers here");
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void theImageOfThePage(Jdks.Jdk jdk) throws Exception {
    try (Engine engine = new Engine(Desk.of(jdk, "docker"), OFTEN)) {
      Desk desk = engine.desk();
      engine.base("eclipse-temurin:25-jre");
      Files.writeString(
          desk.directory().resolve("Dockerfile"), DOCKER.block("dockerfile", "FROM eclipse"));
      desk.run(DOCKER.block("sh", "docker build"));
      desk.run(DOCKER.block("sh", "docker run --detach --name orders "));
      awaitFinding(desk, "orders");

      String status = desk.run("docker exec orders cat /proc/1/status");
      assertThat(status)
          .containsPattern("(?m)^Uid:\\s+10001\\s+10001\\s+10001\\s+10001$")
          .containsPattern("(?m)^CapEff:\\s+0+$")
          .containsPattern("(?m)^CapBnd:\\s+0+$")
          .containsPattern("(?m)^NoNewPrivs:\\s+1$")
          .containsPattern("(?m)^Seccomp:\\s+2$");
      assertThat(desk.run("docker exec orders grep ' / ' /proc/mounts")).contains(" ro,");
      assertThat(desk.run(DOCKER.block("sh", "docker logs"))).contains("report to /reports/");

      assertThat(desk.run(DOCKER.block("sh", "descry.jar report \"$(docker inspect")))
          .contains("open descriptors of process 1\n", Desk.LEAK, "Blind spots: none known.");
      assertThat(desk.run(DOCKER.block("sh", "docker exec --env")))
          .contains("open descriptors of process 1\n", Desk.LEAK);

      desk.run(DOCKER.block("sh", "docker stop"));
      assertThat(Desk.report(desk.directory().resolve("reports")))
          .contains(
              "open descriptors of process 1\n",
              " at shutdown\n",
              "Limits: soft 8,192, hard 8,192",
              "Blind spots: none known.");
      whatIsSeenWithoutExecution(desk);
      whatRunsWithoutDescryIsAttachedTo(desk);
    }
  }

  /** Three containers of the same image, at once. */
  private static void whatIsSeenWithoutExecution(Desk desk) throws Exception {
    for (String name : List.of("noexec", "volume", "notmp")) {
      desk.run(DOCKER.block("sh", "docker run --detach --name " + name));
    }
    List<String> names = List.of("noexec", "volume", "notmp");
    names.forEach(name -> awaitFinding(desk, name));
    Map<String, String> reports = new TreeMap<>();
    for (String name : names) {
      String report = reportAfterItsEnd(desk, name, name);
      reports.put(name, words(report));
    }
    assertThat(reports.get("volume")).contains("Blind spots: none known.");
    for (String name : List.of("noexec", "notmp")) {
      assertThat(reports.get(name))
          .contains(
              words(
                  DOCKER.block(
                      "",
                      "JNA cannot be loaded: /tmp: "
                          + (name.equals("noexec") ? "failed" : "Read-only"))));
    }
  }

  private static void whatRunsWithoutDescryIsAttachedTo(Desk desk) throws Exception {
    build(desk, "orders", WITHOUT.replace("BASE", "eclipse-temurin:25-jre"));
    desk.run("docker rm orders");
    desk.run(DOCKER.block("sh", "docker run --detach --name orders "));
    patiently().until(() -> typed(desk, "docker logs orders").contains("port 8080"));
    String attached = desk.run(DOCKER.block("sh", "descry.jar attach"));
    Files.writeString(desk.directory().resolve("attached.txt"), attached);
    assertThat(attached)
        .contains("Descry watches process ", "(/opt/orders/orders.jar)")
        .contains("was given a copy: /tmp/descry-");
    awaitFinding(desk, "orders");
    assertThat(desk.run(DOCKER.block("sh", "descry.jar report \"$(docker inspect")))
        .contains("open descriptors of process 1\n", Desk.LEAK, "Blind spots: none known.");
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void thePodOfThePage(Jdks.Jdk jdk) throws Exception {
    JsonNode deployment = Yaml.read(KUBERNETES.block("yaml", "kind: Deployment"));
    JsonNode template = deployment.at("/spec/template");
    JsonNode service = template.at("/spec/containers/0");
    Map<String, String> secrets = Map.of("descry/token", TOKEN);
    try (Engine engine = new Engine(Desk.of(jdk, "kubernetes"), OFTEN)) {
      Desk desk = engine.desk();
      engine.base("busybox:1.37");
      build(desk, "registry.example.com/descry:0.1.0", KUBERNETES.block("dockerfile", "FROM"));
      build(desk, service.path("image").asText(), WITHOUT.replace("BASE", "busybox:1.37"));

      Pod pod = new Pod(template.path("spec"), desk, desk.directory().resolve("volumes"));
      pod.makeVolumes();
      for (JsonNode first : pod.spec().path("initContainers")) {
        pod.run(first, first.path("restartPolicy").asText().equals("Always"), secrets);
      }
      pod.run(service, true, secrets);
      awaitFinding(desk, "orders");
      asTheClusterAsks(desk, service);
      assertThat(
              desk.run(
                  KUBERNETES
                      .block("sh", "exec deploy/orders -c orders")
                      .replace("kubectl exec deploy/orders -c orders --", "docker exec orders")))
          .contains("open descriptors of process 1\n", Desk.LEAK);

      assertThat(desk.run("docker logs orders")).doesNotContain("there is no option");
      desk.run(
          "docker stop --time "
              + pod.spec().path("terminationGracePeriodSeconds").asInt()
              + " orders");
      String[] lookings = KUBERNETES.block("sh", "-c reports -- ls").strip().split("\n");
      String name = desk.run(inside(lookings[0])).strip();
      assertThat(name).matches("orders-6d4cf56db6-x7k2p-\\d{8}T\\d{6}Z\\.txt");
      assertThat(lookings[1]).endsWith("/reports/NAME.txt");
      String report = desk.run(inside(lookings[1]).replace("NAME.txt", name));
      assertThat(report).contains("\nLEAK: ", Desk.LEAK, "Blind spots: none known.");
      desk.run("docker stop reports");
      assertThat(desk.run("docker logs reports")).isEqualTo(report);
    }
  }

  /** A command of the page's for the sidecar, for the engine. */
  private static String inside(String command) {
    String beginning = "kubectl exec deploy/orders -c reports -- ";
    assertThat(command).startsWith(beginning);
    return "docker exec reports " + command.substring(beginning.length());
  }

  private static void build(Desk desk, String image, String file) throws Exception {
    Files.writeString(desk.directory().resolve("Dockerfile"), file);
    desk.run("docker build --tag " + image + " .");
  }

  /** As Prometheus and the kubelet do: from outside of the container, by an address of the pod. */
  private static void asTheClusterAsks(Desk desk, JsonNode service) throws Exception {
    JsonNode monitor = Yaml.read(KUBERNETES.block("yaml", "kind: PodMonitor"));
    String in = "nsenter --net --target \"$(docker inspect --format '{{.State.Pid}}' orders)\" ";
    desk.run(in + "ip address add 10.244.0.7/32 dev lo");
    String ask = in + "curl --silent --show-error --max-time 20 --write-out '%{http_code}' http://";
    JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");
    assertThat(
            desk.run(
                ask
                    + "10.244.0.7:"
                    + Pod.port(service, endpoint.path("port").asText())
                    + endpoint.path("path").asText()))
        .contains("descry_findings{confidence=\"certain\"", "rule=\"owner-unreachable\"")
        .endsWith("200");
    for (String probe : List.of("readinessProbe", "livenessProbe")) {
      JsonNode get = service.path(probe).path("httpGet");
      assertThat(
              desk.run(
                  ask
                      + "10.244.0.7:"
                      + Pod.port(service, get.path("port").asText())
                      + get.path("path").asText()))
          .as(probe)
          .endsWith("200");
    }
    assertThat(desk.run(ask + "10.244.0.7:7072/report.json")).endsWith("401");
    String[] forwarded = KUBERNETES.block("sh", "port-forward").split("&\n");
    assertThat(forwarded).hasSize(2);
    assertThat(forwarded[0]).isEqualTo("kubectl port-forward deploy/orders 7072 ");
    String token = "$(kubectl get secret descry -o go-template='{{.data.token | base64decode}}')";
    assertThat(forwarded[1]).containsOnlyOnce(token);
    assertThat(desk.run(in + forwarded[1].replace(token, TOKEN)))
        .contains("\"rule\" : \"owner-unreachable\"");
  }

  @Test
  void whatThePageGivesToKubernetesIsOfItsKinds() throws Exception {
    JsonNode page = Yaml.read(KUBERNETES.block("yaml", "kind: Deployment"));
    Deployment deployment = Yaml.as(Deployment.class, page);
    PodMonitor monitor =
        Yaml.as(PodMonitor.class, Yaml.read(KUBERNETES.block("yaml", "kind: PodMonitor")));
    Map<String, String> labels = deployment.getSpec().getTemplate().getMetadata().getLabels();
    assertThat(labels)
        .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels())
        .containsAllEntriesOf(monitor.getSpec().getSelector().getMatchLabels());
    assertThat(monitor.getSpec().getPodMetricsEndpoints()).hasSize(1);
    PodSpec pod = deployment.getSpec().getTemplate().getSpec();
    assertThat(pod.getContainers())
        .singleElement()
        .satisfies(
            service ->
                assertThat(service.getPorts())
                    .extracting(ContainerPort::getName)
                    .contains(
                        monitor.getSpec().getPodMetricsEndpoints().get(0).getPort(),
                        service.getReadinessProbe().getHttpGet().getPort().getStrVal(),
                        service.getLivenessProbe().getHttpGet().getPort().getStrVal()));
    Set<String> volumes =
        pod.getVolumes().stream().map(Volume::getName).collect(Collectors.toSet());
    Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
        .forEach(
            container ->
                assertThat(container.getVolumeMounts())
                    .isNotEmpty()
                    .allMatch(mount -> volumes.contains(mount.getName())));

    ObjectNode wrong = (ObjectNode) page.at("/spec/template/spec/containers/0");
    wrong.set("livenessProb", wrong.remove("livenessProbe"));
    assertThatThrownBy(() -> Yaml.as(Deployment.class, page)).hasMessageContaining("livenessProb");
  }

  @Test
  void theImageThatJibBuilds() throws Exception {
    Desk project = Desk.of(Jdks.all().findFirst().orElseThrow(), "jib");
    Path directory = project.directory();
    try (Engine engine = new Engine(project, OFTEN)) {
      engine.base("eclipse-temurin:25-jre");
      engine.desk().run("docker save --output base-image.tar eclipse-temurin:25-jre");
    }
    String plugin = DOCKER.block("xml", "jib-maven-plugin");
    assertThat(plugin)
        .containsOnlyOnce("<image>eclipse-temurin:25-jre</image>")
        .containsOnlyOnce("com.example.Orders");
    Files.writeString(
        directory.resolve("pom.xml"),
        POM.formatted(
            version("maven-resources-plugin"),
            version("maven-compiler-plugin"),
            plugin
                .replace("eclipse-temurin:25-jre", "tar://" + directory + "/base-image.tar")
                .replace("com.example.Orders", "io.descry.lab.host.Orders")));
    for (String source : List.of("host/Orders.java", "Dialogue.java")) {
      String path = "src/main/java/io/descry/lab/" + source;
      Files.createDirectories(directory.resolve(path).getParent());
      Files.copy(
          Path.of(System.getProperty("descry.test.root"), "src/test", path),
          directory.resolve(path));
    }
    Files.createDirectory(directory.resolve("reports"));
    Files.copy(
        DescryJvm.JAR, Files.createDirectory(directory.resolve("descry")).resolve("descry.jar"));
    // Nothing is taken from or left in the home directory but Maven's own artefacts.
    Files.writeString(
        Files.createDirectory(directory.resolve(".mvn")).resolve("maven.config"),
        "-B\n-ntp\n-q\n-Djib.disableUpdateChecks=true\n-Djib.console=plain\n-Djib.baseImageCache="
            + directory.resolve("cache")
            + "\n");
    String[] commands = DOCKER.block("sh", "jib:buildTar").split("(?<=\n)");
    assertThat(commands).hasSize(2);
    project.run(commands[0]);
    for (Jdks.Jdk jdk : Jdks.all().toList()) {
      try (Engine engine = new Engine(new Desk(jdk, directory, Map.of()), OFTEN)) {
        Desk desk = engine.desk();
        desk.run(commands[1]);
        desk.run(DOCKER.block("sh", "docker run --detach --name orders "));
        awaitFinding(desk, "orders");
        assertThat(reportAfterItsEnd(desk, "orders", "reports-" + jdk.feature()))
            .contains("open descriptors of process 1\n", "Blind spots: none known.");
      }
    }
  }

  /** As Descry's own build has it. */
  private static String version(String plugin) throws IOException {
    Matcher found =
        Pattern.compile("<" + plugin + "\\.version>(.+)</")
            .matcher(Files.readString(Path.of(System.getProperty("descry.test.root"), "pom.xml")));
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  /** In one line, and without what differs from run to run. */
  private static String words(String text) {
    return text.strip()
        .replaceAll("\\s+", " ")
        .replaceAll("since \\S+ \\S+:", "since then:")
        // The home of a user whom the system does not know is / to JDK 25, and nowhere to 17.
        .replace("/.cache: NoSuchFileException; ", "");
  }

  private static String reportAfterItsEnd(Desk desk, String container, String to) throws Exception {
    desk.run(
        "docker stop ONE; mkdir TO; docker cp ONE:/reports/. TO; docker logs ONE"
            .replace("ONE", container)
            .replace("TO", to));
    return Desk.report(desk.directory().resolve(to));
  }

  private static void awaitFinding(Desk desk, String container) {
    patiently()
        .untilAsserted(
            () ->
                assertThat(typed(desk, "docker logs " + container))
                    .contains("descry: alert finding-owner-unreachable-1 raised"));
  }

  private static String typed(Desk desk, String command) {
    try {
      return desk.run(command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(500));
  }
}
