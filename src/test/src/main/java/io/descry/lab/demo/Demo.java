package io.descry.lab.demo;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code ./descry demo} runs: starts {@link LeakyService} with the agent, sends it requests,
 * shows what Descry says, and checks it.
 *
 * <p>Usage: {@code Demo AGENT_JAR}. The exit status is 0 when the report has exactly the findings
 * that it must have, 1 when it has not.
 */
public final class Demo {
  /** At two scans a second; growth takes 27 scans, and more than a hundred descriptors. */
  private static final Duration FIRST = Duration.ofSeconds(20);

  private static final int FIRST_SCANS = 36;

  private static final Duration SECOND = Duration.ofSeconds(10);

  private static final int ALL_SCANS = 54;

  /** Nobody waits longer for a machine so busy that Descry scans less often. */
  private static final Duration MORE = Duration.ofMinutes(1);

  private static final Pattern SCANS =
      Pattern.compile("descry_scan_duration_seconds_count(?:\\{\\S*)? (\\S+)");

  /** So that the last scrape shows what is open now: a descriptor counts from its second scan. */
  private static final int QUIET_SCANS = 3;

  /** Of the descriptors, what there are ten of or more; of the rest, what leaks show in. */
  private static final Pattern TELLING =
      Pattern.compile(
          "descry_descriptors_open\\S* \\d{2,}\\.0"
              + "|descry_(descriptors_(unaccounted|limit)|exhaustion_seconds|findings(\\{\\S*)?) .*");

  private int step;

  private Demo() {}

  public static void main(String[] args) throws Exception {
    System.exit(new Demo().run(args[0]) ? 0 : 1);
  }

  private boolean run(String jar) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("descry-demo-");
    int metricsPort = freePort();
    String agent =
        "-javaagent:%s=interval=500ms,metrics=%d,report=%s/descry-%%p,formats=text+json+html"
            .formatted(jar, metricsPort, directory);

    try (Backend backend = new Backend()) {
      step("Start a backend for the service to call, in this process.");
      say(
          "It gives prices over HTTP, and quotes over bare TCP: one per connection, then it closes.");

      step("Start the service, with Descry: Vert.x 5 on Netty's native epoll transport.");
      say("Nothing in its code knows of Descry; all that is added is one option of the JVM:");
      say("  " + agent);
      ServiceProcess service = new ServiceProcess(agent, backend, directory);
      say("It is process " + service.pid() + ", and Descry has written one line to its output:");
      descrysLines(service).forEach(line -> say("  " + line));

      Driver driver = new Driver(service.port());
      step("Send it requests for " + FIRST.toSeconds() + " s. Twenty a second that leak nothing:");
      say("  /hello   answers");
      say("  /file    opens and closes a file");
      say("  /proxy   asks the backend through an HTTP client that keeps its connection");
      say("and of each that leaks, eight a second:");
      say("  /export  makes a Netty event loop and never shuts it down: native code opens these");
      say("  /audit   drops a FileChannel, so that only the garbage collector closes it");
      say("  /quote   keeps a socket that the backend has closed long before: CLOSE_WAIT");
      drive(driver, FIRST, FIRST_SCANS, metricsPort);

      step("Pause, and ask for the metrics as Prometheus would.");
      awaitScans(QUIET_SCANS, metricsPort);
      say("  $ curl -s http://127.0.0.1:" + metricsPort + "/metrics");
      List<String> metrics = scrape(metricsPort);
      metrics.stream().filter(TELLING.asMatchPredicate()).forEach(line -> say("  " + line));
      say(
          "Owner java: opened by Java code, the call site is known. Owner library: opened by native");
      say(
          "code of a library that is known. Inherited: open before Descry began. Unaccounted: what");
      say("Java's ledger does not have. (Left out: what there are few of.)");

      step("Check one number by hand. The JDK has no timerfd, so all of these are Netty's.");
      boolean agrees = checkByHand(service.pid(), metrics);

      step("Send requests for another " + SECOND.toSeconds() + " s.");
      drive(driver, SECOND, ALL_SCANS, metricsPort);
      say("Sent in all: " + driver.sent());

      step("Stop the service with SIGTERM. Descry scans a last time and writes its report.");
      service.terminate();
      descrysLines(service).stream().skip(1).forEach(line -> say("  " + line));

      Path text = directory.resolve("descry-" + service.pid() + ".txt");
      step("Read the report:");
      say("  $ cat " + text);
      System.out.println();
      System.out.print(Files.readString(text));

      step("Compare the findings in the JSON report with what was leaked.");
      Path json = directory.resolve("descry-" + service.pid() + ".json");
      return check(new JsonObject(Files.readString(json)), directory) & agrees;
    }
  }

  /** For as long as is said, and longer until there were so many scans. */
  private void drive(Driver driver, Duration howLong, int scans, int metricsPort)
      throws IOException, InterruptedException {
    driver.drive(howLong);
    long begun = System.nanoTime();
    while (scans(metricsPort) < scans && System.nanoTime() - begun < MORE.toNanos()) {
      driver.drive(Duration.ofMillis(500));
    }
    long more = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
    if (more > 0) {
      say("And for " + more + " s more, since this machine is busy and scans come late.");
    }
  }

  private static void awaitScans(int more, int metricsPort)
      throws IOException, InterruptedException {
    int enough = scans(metricsPort) + more;
    long begun = System.nanoTime();
    while (scans(metricsPort) < enough && System.nanoTime() - begun < MORE.toNanos()) {
      Thread.sleep(100);
    }
  }

  private static int scans(int metricsPort) throws IOException, InterruptedException {
    return scrape(metricsPort).stream()
        .map(SCANS::matcher)
        .filter(Matcher::matches)
        .mapToInt(line -> (int) Double.parseDouble(line.group(1)))
        .findAny()
        .orElse(0);
  }

  private boolean checkByHand(long pid, List<String> metrics)
      throws IOException, InterruptedException {
    String command = "ls -l /proc/" + pid + "/fd | grep -c timerfd";
    Process shell =
        new ProcessBuilder("sh", "-c", command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long seen =
        Long.parseLong(
            new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    shell.waitFor();
    long told =
        metrics.stream()
            .filter(line -> line.startsWith("descry_descriptors_open{"))
            .filter(line -> line.contains("kind=\"timerfd\""))
            .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
            .sum();
    say("  $ " + command);
    say("  " + seen);
    say(
        seen == told
            ? "Descry said " + told + " too."
            : "FAILED: Descry said " + told + " timerfd.");
    return seen == told;
  }

  private boolean check(JsonObject report, Path directory) {
    List<JsonObject> findings =
        report.getJsonArray("findings").stream().map(JsonObject.class::cast).toList();
    boolean passed = true;
    for (Expectation expected : Expectation.ALL) {
      boolean found = findings.stream().anyMatch(expected.holds());
      say((found ? "  found    " : "  MISSING  ") + expected.leak());
      passed &= found;
    }
    for (JsonObject finding : findings) {
      if (Expectation.ALL.stream().noneMatch(expected -> expected.holds().test(finding))) {
        say("  NOT LEAKED BY THE SERVICE  " + finding.getString("id"));
        passed = false;
      }
    }
    say(
        passed
            ? "All leaks are found, and nothing else is reported."
            : "FAILED: the report is not what it must be.");
    say("What the demo wrote is in " + directory + "; open its .html file in a browser.");
    return passed;
  }

  private static List<String> descrysLines(ServiceProcess service) throws IOException {
    return service.output().stream().filter(line -> line.startsWith("descry")).toList();
  }

  private static List<String> scrape(int port) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
            HttpResponse.BodyHandlers.ofLines())
        .body()
        .toList();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void step(String text) {
    System.out.printf("%n%2d. %s%n", ++step, text);
  }

  private static void say(String text) {
    System.out.println("    " + text);
  }
}
