package io.descry.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What real servers lose with Descry, against a bare JVM in the same run: throughput and latency
 * under wrk's full load, with connections that are kept and with one for each request, and the CPU
 * time that the server takes for a request.
 */
public final class Servers {
  private static final List<String> MODES = List.of("keep-alive", "a connection each");

  /** Tells how far figures of one and the same thing are apart. */
  private static final Arm AGAIN = new Arm("bare, again", null);

  private static final List<Arm> ARMS = arms();
  private static final int WARM_UP = 1;
  private static final int MOST_WARM_UPS = Bench.quick(30, 2);
  private static final int MEASURED = 1;
  private static final int TURNS = Bench.quick(3, 1);

  /**
   * Load before each turn with a connection for each request that is not measured, in seconds.
   * While other JVMs have their turns the budget for stacks saves up what one under load all the
   * time never has: 50 ms of stacks (see io.descry.ledger.StackBudget), spent in less than this.
   */
  private static final int LEAD_IN = Bench.quick(2, 1);

  /** What the compilers may still take of the time, when all that matters is compiled. */
  private static final double COMPILED = 0.05;

  private Servers() {}

  private static List<Arm> arms() {
    List<Arm> arms = new ArrayList<>(Arm.ALL);
    arms.add(AGAIN);
    return arms;
  }

  /** Measures and prints; see {@link Bench}. */
  public static void main(String[] arguments) throws Exception {
    Wrk wrk = new Wrk();
    Bench bench = new Bench(Servers.class, arguments, 5);
    bench.print(
        "Minimum / median / maximum of "
            + TURNS
            + " turns of "
            + MEASURED
            + " s of each JVM; latencies in µs; in brackets the median of the ratios to the bare JVM"
            + " of the same turn.\n");
    for (Jdk jdk : bench.jdks()) {
      Table table =
          new Table(
              jdk.name(),
              "requests",
              "arm",
              "throughput, requests/s",
              "p50",
              "p99",
              "p99.9",
              "CPU a request, µs");
      for (Service service : Service.values()) {
        Results results = new Results();
        for (int run = 0; run < bench.runs(); run++) {
          System.err.printf(
              "%s, %s: %d of %d, all arms%n", jdk.name(), service.title, run + 1, bench.runs());
          measure(results, jdk, service, wrk);
        }
        for (String mode : MODES) {
          for (Arm arm : ARMS) {
            table.row(
                service.title,
                mode,
                arm.name(),
                results.text(arm, mode + " throughput", 0, 1),
                results.text(arm, mode + " p50", 0, 1),
                results.text(arm, mode + " p99", 0, 1),
                results.text(arm, mode + " p99.9", 0, 1),
                results.text(arm, mode + " cpu", 1, 1));
          }
        }
      }
      bench.print(table);
    }
  }

  // Without it an answer of the JDK's server waits 40 ms for the client's delayed acknowledgement.
  private static final String OPTION = "-Dsun.net.httpserver.nodelay=true";

  /**
   * One JVM of each arm, all alive at the same time, under load in turn: what the machine itself
   * does for seconds so meets all arms alike.
   */
  private static void measure(Results results, Jdk jdk, Service service, Wrk wrk)
      throws IOException, InterruptedException {
    List<Server> servers = new ArrayList<>();
    try {
      for (Arm arm : ARMS) {
        servers.add(new Server(arm, new Jvm(jdk, arm, OPTION).withLibraries(), service));
      }
      for (Server server : servers) {
        wrk.load(server.port, false, WARM_UP);
        // As a server is that has run for minutes: what was made at start is not young any more.
        server.ask(Service.Run.AGE);
      }
      for (String mode : MODES) {
        boolean close = !mode.equals(MODES.get(0));
        for (Server server : servers) {
          warmUp(server, () -> wrk.load(server.port, close, WARM_UP));
        }
        for (int turn = 0; turn < TURNS; turn++) {
          Collections.rotate(servers, -1);
          for (Server server : servers) {
            if (close) {
              wrk.load(server.port, close, LEAD_IN);
            }
            Duration begun = server.cpu();
            Map<String, Double> load = wrk.load(server.port, close, MEASURED);
            if (load.get("errors") > 0) {
              throw new IOException("wrk met errors, " + load + ", " + server.arm);
            }
            double requests = load.get("requests");
            results.add(server.arm, mode + " throughput", requests / load.get("seconds"));
            results.add(
                server.arm, mode + " cpu", server.cpu().minus(begun).toNanos() / 1000.0 / requests);
            for (String latency : List.of("p50", "p99", "p99.9")) {
              results.add(server.arm, mode + " " + latency, load.get(latency));
            }
          }
        }
      }
    } finally {
      for (Server server : servers) {
        server.end();
      }
    }
  }

  /** Some time of load. */
  private interface Load {
    Map<String, Double> put() throws IOException, InterruptedException;
  }

  /** Until the compilers are done with what this load runs, or for half a minute. */
  private static void warmUp(Server server, Load load) throws IOException, InterruptedException {
    long before = server.ask(Service.Run.COMPILED);
    for (int i = 0; i < MOST_WARM_UPS; i++) {
      load.put();
      long compiled = server.ask(Service.Run.COMPILED);
      if (compiled - before < COMPILED * WARM_UP * 1000) {
        return;
      }
      before = compiled;
    }
  }

  /** The JVM of an arm. */
  private static final class Server {
    final Arm arm;
    final int port;
    private final Process process;
    private final BufferedReader out;

    Server(Arm arm, Jvm jvm, Service service) throws IOException {
      this.arm = arm;
      List<String> command = Processors.server(jvm.command(Service.Run.class, service));
      process = Jvm.start(command);
      out = Jvm.output(process);
      String first = out.readLine();
      if (first == null) {
        throw Jvm.failed(command, "no service");
      }
      port = Integer.parseInt(first);
    }

    long ask(String question) throws IOException {
      process.getOutputStream().write((question + '\n').getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
      String answer = out.readLine();
      if (answer == null) {
        throw new IOException("the service does not answer " + question);
      }
      return Long.parseLong(answer);
    }

    Duration cpu() throws IOException {
      return process
          .toHandle()
          .info()
          .totalCpuDuration()
          .orElseThrow(() -> new IOException("the service has ended"));
    }

    void end() throws IOException, InterruptedException {
      process.getOutputStream().close();
      process.waitFor();
    }
  }
}
