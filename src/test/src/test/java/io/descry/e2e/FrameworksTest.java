package io.descry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real applications on real frameworks, started as docs/running/ says. Of each, the requests that
 * leak nothing come first, and nothing is found; then those that leak.
 */
class FrameworksTest {
  private static final Path ROOT = Path.of(System.getProperty("descry.test.root"));
  private static final Path APPS = ROOT.resolve("src/test/apps");
  private static final Path TOMCAT = tomcat();
  private static final int REQUESTS = 12;

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aSpringBootJar(Jdks.Jdk jdk) throws IOException {
    Page page = Page.of("running/spring-boot.md");
    DescryJvm run = new DescryJvm(jdk, "spring-boot");
    link(run, "app.jar", APPS.resolve("spring-boot/target/app.jar"));
    Shell shell = new Shell(jdk, run).environment("SERVER_PORT", "0");
    try (RunningJvm running = shell.start(page.block("sh", "-jar app.jar"))) {
      String port = running.hear(Pattern.compile("Tomcat started on port (\\d+)"));
      Web.times(REQUESTS, Web.at(port).resolve("/articles"));
      nothingIsFound(running, shell);

      Web.times(REQUESTS, Web.at(port).resolve("/articles/count"));
      collect(running, shell);
      String site =
          site(
              "spring-boot",
              "io.descry.apps.spring.ArticleController.count",
              "return Files.list(articles).count()");
      patiently()
          .untilAsserted(
              () ->
                  assertThat(reported(page, running, shell))
                      .contains("LEAK: 1 place holds 24 of the ", "Opened by   " + site)
                      .contains("1. CERTAIN: 24 x directory, opened by Java code"));
      assertThat(page.block("", "Opened by")).contains("Opened by   " + site);

      // Descry looks for the application's registry from time to time.
      patiently()
          .untilAsserted(
              () ->
                  assertThat(shell.run(page.block("sh", "/actuator/prometheus"), "8080", port))
                      .contains(
                          "descry_findings_descriptors{confidence=\"certain\",library=\"none\",owner=")
                      .contains("descry_descriptors_open{kind=\"directory\",owner=\"java\"} 24.0"));
      readiness(page, shell, running, port);
      end(running);
      theOnlyFinding(running.report(), "owner-unreachable", "java", "", "directory", site);
      onlyDescrySpeaks(running);
    }
  }

  /** Actuator's readiness, by a health indicator that stands in the page. */
  private static void readiness(Page page, Shell shell, RunningJvm running, String port)
      throws IOException {
    assertThat(source("spring-boot", "io.descry.apps.spring.DescriptorsHealthIndicator"))
        .endsWith(page.block("java", "class DescriptorsHealthIndicator"));
    assertThat(
            Files.readString(APPS.resolve("spring-boot/src/main/resources/application.properties")))
        .contains(page.block("properties", "health.group.readiness"));
    String probe = page.block("sh", "/actuator/health/readiness");
    assertThat(shell.run(probe, "8080", port)).isEqualTo("{\"status\":\"UP\"}\n200\n");
    // Enough for Descry's own not to matter, and then no more room than for a few.
    Web.times(60, Web.at(port).resolve("/articles/count"));
    int open = running.descriptors().targets().size();
    shell.run("prlimit --pid " + running.pid() + " --nofile=" + (open + 8) + ":");
    assertThat(shell.run(probe, "8080", port)).isEqualTo("{\"status\":\"OUT_OF_SERVICE\"}\n503\n");
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void springBootRunOfMaven(Jdks.Jdk jdk) throws IOException {
    DescryJvm run = new DescryJvm(jdk, "spring-boot-run");
    Shell shell = new Shell(jdk, run).environment("SERVER_PORT", "0");
    String command = Page.of("running/spring-boot.md").block("sh", "spring-boot:run");
    try (RunningJvm maven =
        shell.start(
            command,
            "mvn ",
            "mvn -o -B -f "
                + APPS.resolve("spring-boot")
                + " -Dmaven.repo.local="
                + System.getProperty("descry.test.repository")
                + " ")) {
      String port = maven.hear(Pattern.compile("Tomcat started on port (\\d+)"));
      patiently()
          .untilAsserted(
              () ->
                  assertThat(Web.get(Web.at(port).resolve("/actuator/prometheus")))
                      .contains("\ndescry_descriptors_open{"));
      ProcessHandle.of(maven.pid()).orElseThrow().descendants().forEach(ProcessHandle::destroy);
      maven.await();
      assertThat(Report.read(Path.of(run.base() + ".json")).findings()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aVertxServiceOnEpoll(Jdks.Jdk jdk) throws IOException {
    Page page = Page.of("running/vertx.md");
    DescryJvm run = new DescryJvm(jdk, "vertx");
    link(run, "app.jar", APPS.resolve("vertx/target/app.jar"));
    link(run, "lib", APPS.resolve("vertx/target/lib"));
    Shell shell = new Shell(jdk, run);
    try (ServerSocket warehouse = warehouse();
        RunningJvm running =
            shell.start(
                page.block("sh", "-jar app.jar"), "8080 9090", "0 " + warehouse.getLocalPort())) {
      String port =
          running.hear(Pattern.compile("listening on port (\\d+), native transport: true"));
      URI service = Web.at(port);
      Web.times(REQUESTS, service.resolve("/stock"));
      nothingIsFound(running, shell);

      String site = site("vertx", "io.descry.apps.vertx.Shop.reserve", "client.connect(warehouse");
      patiently()
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                Web.times(4, service.resolve("/reserve"));
                return Web.get(service.resolve("/metrics")).contains("\ndescry_findings{");
              });
      assertThat(reported(page, running, shell))
          .contains("opened by netty-transport-native-epoll 4.", "called from\n", site)
          .contains("PROBABLE LEAK: 1 place holds ");
      assertThat(page.block("", "Opened by")).contains(site);
      assertThat(shell.run(page.block("sh", "/metrics"), "8080", port))
          .contains(
              "descry_findings{confidence=\"probable\",library=\"netty-transport-native-epoll\"")
          .contains("descry_descriptors_open{kind=\"eventpoll\",owner=\"library\"} ");
      end(running);
      theOnlyFinding(
          running.report(),
          "growth",
          "library",
          "netty-transport-native-epoll",
          "socket.tcp",
          site);
    }
  }

  /** Takes connections, more than it will ever accept. */
  private static ServerSocket warehouse() throws IOException {
    return new ServerSocket(0, 2_000, InetAddress.getLoopbackAddress());
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aQuarkusApplication(Jdks.Jdk jdk) throws IOException {
    Page page = Page.of("running/quarkus.md");
    String command = page.block("sh", "quarkus-run.jar");
    String jar = APPS.resolve("quarkus/target/quarkus-app/quarkus-run.jar").toString();
    try (ServerSocket warehouse = warehouse()) {
      List<RunningJvm> runs = new ArrayList<>();
      for (boolean bare : new boolean[] {true, false}) {
        DescryJvm run = new DescryJvm(jdk, bare ? "quarkus-bare" : "quarkus");
        Shell shell =
            new Shell(jdk, run)
                .environment("QUARKUS_HTTP_PORT", "0")
                // A thread's first task has another stack than those that it takes from the queue.
                .environment("QUARKUS_THREAD_POOL_MAX_THREADS", "1")
                .environment("SHOP_WAREHOUSE_PORT", Integer.toString(warehouse.getLocalPort()))
                .environment("DESCRY_JMX", "on")
                .environment("DESCRY_HTTP", "0");
        String typed = Shell.typed(command, "target/quarkus-app/quarkus-run.jar", jar);
        try (RunningJvm running =
            shell.start(bare ? typed.replaceAll("-javaagent:\\S+ ", "") : typed)) {
          runs.add(running);
          URI service =
              Web.at(running.hear(Pattern.compile("Listening on: http://0\\.0\\.0\\.0:(\\d+)")));
          Web.times(REQUESTS, service.resolve("/stock/reachable"));
          if (!bare) {
            nothingIsFound(running, shell);
          }
          Web.times(REQUESTS, service.resolve("/stock/ping"));
          if (!bare) {
            collect(running, shell);
            quarkusLeak(page, running, shell, service);
          }
          end(running);
        }
      }
      theOnlyFinding(
          runs.get(1).report(), "owner-unreachable", "java", "", "socket.tcp", quarkusSite());
      assertThat(said(runs.get(1))).isEqualTo(said(runs.get(0))).hasSizeGreaterThan(25);
      assertThat(runs.get(0).err()).isEmpty();
      onlyDescrySpeaks(runs.get(1));
    }
  }

  private static void quarkusLeak(Page page, RunningJvm running, Shell shell, URI service)
      throws IOException {
    patiently()
        .untilAsserted(
            () ->
                assertThat(reported(page, running, shell))
                    .contains("LEAK: 1 place holds 12 of the ", "Opened by   " + quarkusSite()));
    assertThat(page.block("", "Opened by")).contains("Opened by   " + quarkusSite());
    // Descry looks for the application's registry from time to time.
    patiently()
        .untilAsserted(
            () ->
                assertThat(
                        shell.run(page.block("sh", "/q/metrics"), "8080", "" + service.getPort()))
                    .contains("descry_descriptors_open{kind=\"socket.tcp\",owner=\"java\"} "));
  }

  private static String quarkusSite() {
    return site(
        "quarkus", "io.descry.apps.quarkus.StockResource.ping", "open(warehouse()).isConnected()");
  }

  /** What it printed, less what differs from run to run. */
  private static List<String> said(RunningJvm running) {
    return running.out().stream()
        .map(line -> line.replaceFirst("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} ", ""))
        .map(line -> line.replaceAll("\\d+\\.\\d{3}s", "TIME").replaceAll(":\\d{4,5}\\b", ":PORT"))
        .map(line -> line.replaceAll("executor-thread-\\d+", "executor-thread"))
        // Whichever of the two gets there first stops it.
        .map(line -> line.replace("(Shutdown thread)", "(main)"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("io.descry.e2e.Jdks#all")
  void aWarInTomcat(Jdks.Jdk jdk) throws IOException {
    Page page = Page.of("running/tomcat.md");
    DescryJvm run = new DescryJvm(jdk, "tomcat");
    Path base = run.directory().resolve("base");
    String port = Integer.toString(Web.freePort());
    instance(base, port, page);
    Files.copy(APPS.resolve("tomcat/target/shop.war"), run.directory().resolve("shop.war"));
    Shell shell =
        new Shell(jdk, run)
            .environment("CATALINA_HOME", TOMCAT.toString())
            .environment("CATALINA_BASE", base.toString());
    shell.run(
        page.block("sh", "catalina.sh start"), "bin/catalina.sh", TOMCAT + "/bin/catalina.sh");
    ProcessHandle tomcat = ProcessHandle.of(pid(base)).orElseThrow();
    try {
      tomcat(page, shell, Web.at(port), tomcat.pid());
      shell.run(
          page.block("sh", "catalina.sh stop"), "bin/catalina.sh", TOMCAT + "/bin/catalina.sh");
      patiently().until(() -> !tomcat.isAlive());
    } finally {
      tomcat.destroyForcibly();
    }
    Path report = base.resolve("logs/descry-" + tomcat.pid() + ".json");
    theOnlyFinding(Report.read(report), "closed-by-collector", "java", "", "file", tomcatSite());
    assertThat(Files.readAllLines(base.resolve("logs/catalina.out")))
        .filteredOn(line -> line.toLowerCase(Locale.ROOT).contains("descry"))
        .filteredOn(line -> !line.contains("Command line argument: "))
        .filteredOn(line -> !line.startsWith("WARNING: A Java agent has been loaded dynamically"))
        .hasSizeGreaterThan(1)
        .allMatch(line -> line.startsWith("descry: "));
  }

  private static void tomcat(Page page, Shell shell, URI service, long pid) throws IOException {
    String port = Integer.toString(service.getPort());
    patiently().ignoreExceptions().until(() -> Web.status(service) > 0);
    shell.run(page.block("sh", "/manager/text/deploy"), "8080", port);
    URI price = service.resolve("/shop/price");
    Web.times(REQUESTS, price);
    jcmd(shell, pid);
    assertThat(reportOf(shell, pid).findings()).isEmpty();

    Web.times(REQUESTS, service.resolve("/shop/price/sale"));
    jcmd(shell, pid);
    String report = page.block("sh", "descry.jar report");
    patiently()
        .untilAsserted(
            () ->
                assertThat(shell.run(report, "PID", "" + pid))
                    .containsPattern("collector\\s+closed 12 that the application forgot")
                    .contains("Opened by   " + tomcatSite()));
    assertThat(page.block("", "Opened by")).contains("Opened by   " + tomcatSite());

    // Deployed anew while it leaks, and then undeployed.
    shell.run(page.block("sh", "/manager/text/deploy"), "8080", port);
    Web.get(service.resolve("/shop/price/sale"));
    assertThat(shell.run(page.block("sh", "/manager/text/undeploy"), "8080", port))
        .contains("OK - Undeployed application at context path [/shop]");
    patiently()
        .untilAsserted(
            () ->
                assertThat(shell.run(page.block("sh", "/manager/text/findleaks"), "8080", port))
                    .isEqualTo(page.block("", "OK - No memory leaks found")));
    assertThat(shell.run("jcmd " + pid + " GC.class_histogram"))
        .contains("org.apache.catalina.loader.ParallelWebappClassLoader")
        .doesNotContain("io.descry.apps.tomcat.PriceServlet");
  }

  private static String tomcatSite() {
    return site(
        "tomcat",
        "io.descry.apps.tomcat.PriceServlet.readAndForget",
        "load(new FileInputStream(file))");
  }

  /** An instance of its own, with the manager, of the Tomcat that was unpacked. */
  private static void instance(Path base, String port, Page page) throws IOException {
    for (String directory : List.of("bin", "logs", "temp", "webapps", "work")) {
      Files.createDirectories(base.resolve(directory));
    }
    try (Stream<Path> files = Files.walk(TOMCAT.resolve("conf"))) {
      for (Path file : files.toList()) {
        Files.copy(file, base.resolve(TOMCAT.relativize(file).toString()));
      }
    }
    Path server = base.resolve("conf/server.xml");
    Files.writeString(
        server,
        Shell.typed(
            Files.readString(server),
            "port=\"8080\"",
            "port=\"" + port + "\" address=\"127.0.0.1\"",
            "port=\"8005\"",
            "port=\"" + Web.freePort() + "\""));
    Path users = base.resolve("conf/tomcat-users.xml");
    Files.writeString(
        users,
        Shell.typed(
            Files.readString(users),
            "</tomcat-users>",
            "<user username=\"deployer\" password=\"secret\" roles=\"manager-script\"/>"
                + "</tomcat-users>"));
    Files.createDirectories(base.resolve("conf/Catalina/localhost"));
    Files.writeString(
        base.resolve("conf/Catalina/localhost/manager.xml"),
        "<Context docBase=\"${catalina.home}/webapps/manager\" privileged=\"true\"/>\n");
    Files.writeString(
        base.resolve("bin/setenv.sh"), Shell.typed(page.block("sh", "CATALINA_OPTS=")));
  }

  private static long pid(Path base) throws IOException {
    return Long.parseLong(Files.readString(base.resolve("logs/catalina.pid")).strip());
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofSeconds(1));
  }

  /** Has a full garbage collection run, as each page says. */
  private static void collect(RunningJvm running, Shell shell) {
    jcmd(shell, running.pid());
  }

  private static void jcmd(Shell shell, long pid) {
    assertThat(shell.run("jcmd " + pid + " GC.run")).contains("Command executed successfully");
  }

  private static void nothingIsFound(RunningJvm running, Shell shell) {
    collect(running, shell);
    assertThat(running.dump("clean").findings()).isEmpty();
  }

  /** What the page's command shows of it. */
  private static String reported(Page page, RunningJvm running, Shell shell) {
    return shell.run(page.block("sh", "descry.jar report"), "PID", "" + running.pid());
  }

  private static Report reportOf(Shell shell, long pid) {
    return Report.parse(shell.run("java -jar /opt/descry/descry.jar report " + pid + " --json"));
  }

  private static void theOnlyFinding(
      Report report, String rule, String owner, String library, String kind, String site) {
    assertThat(report.reason()).isEqualTo("shutdown");
    assertThat(report.findings()).hasSize(1);
    Report.Finding finding = report.findings().get(0);
    assertThat(finding.rule()).isEqualTo(rule);
    assertThat(finding.hazard()).isFalse();
    assertThat(finding.group().owner()).isEqualTo(owner);
    assertThat(finding.group().library()).isEqualTo(library);
    assertThat(finding.group().kind()).isEqualTo(kind);
    assertThat(finding.group().site()).anyMatch(frame -> frame.endsWith(site));
  }

  /**
   * It is on, and the last line says where the report is; but for what JDK 21 and later print when
   * a test attaches.
   */
  private static void onlyDescrySpeaks(RunningJvm running) {
    List<String> said =
        running.err().stream().filter(line -> !line.startsWith("WARNING: ")).toList();
    assertThat(said).hasSizeGreaterThan(1).allMatch(line -> line.startsWith("descry: "));
    assertThat(said.get(0)).contains(" on, scanning every 500 ms");
    assertThat(said.get(said.size() - 1)).startsWith("descry: 1 finding, see ").endsWith(".txt");
    assertThat(running.err())
        .filteredOn(line -> line.startsWith("WARNING: "))
        .allMatch(line -> line.matches(".*(loaded dynamically|serviceability|Dynamic loading).*"));
  }

  /** As a service manager ends it. */
  private static void end(RunningJvm running) {
    running.signal("TERM");
    assertThat(running.await()).isEqualTo(143);
  }

  /** The one that the build unpacked. */
  private static Path tomcat() {
    try (Stream<Path> unpacked = Files.list(Path.of(System.getProperty("descry.test.apps")))) {
      List<Path> found =
          unpacked.filter(path -> path.getFileName().toString().contains("tomcat")).toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A frame: a method, and the line of its source in which this stands. */
  private static String site(String application, String method, String code) {
    String type = method.substring(0, method.lastIndexOf('.'));
    List<String> lines = source(application, type).lines().toList();
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(code)) {
        found.add(i + 1);
      }
    }
    String file = type.substring(type.lastIndexOf('.') + 1) + ".java";
    return method + "(" + file + ":" + found.get(found.size() - 1) + ")";
  }

  private static String source(String application, String type) {
    try {
      return Files.readString(
          APPS.resolve(application)
              .resolve("src/main/java")
              .resolve(type.replace('.', '/') + ".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void link(DescryJvm run, String name, Path target) throws IOException {
    Files.createSymbolicLink(run.directory().resolve(name), target);
  }
}
