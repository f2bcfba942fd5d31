package io.descry.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
  private static final int WARM_UP = Bench.quick(2, 1);
  private static final int MOST_WARM_UPS = Bench.quick(15, 1);
  private static final int MEASURED = Bench.quick(4, 1);

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
        "Minimum / median / maximum; latencies in µs; in brackets the ratio of the medians to that"
            + " of the bare JVM.\n");
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
        Results results =
            Results.inTurn(
                jdk.name() + ", " + service.title,
                bench.runs(),
                ARMS,
                arm -> measure(new Jvm(jdk, arm, OPTION).withLibraries(), service, wrk));
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

  private static Map<String, Double> measure(Jvm jvm, Service service, Wrk wrk)
      throws IOException, InterruptedException {
    List<String> command = jvm.command(Service.Run.class, service);
    Process process = Jvm.start(command);
    try (BufferedReader out = Jvm.output(process)) {
      String port = out.readLine();
      if (port == null) {
        throw Jvm.failed(command, "no service");
      }
      Map<String, Double> figures = new LinkedHashMap<>();
      for (String mode : MODES) {
        boolean close = !mode.equals(MODES.get(0));
        int number = Integer.parseInt(port);
        wrk.load(number, close, WARM_UP);
        // As a server is that has run for minutes: what was made at start is not young any more.
        ask(process, out, Service.Run.AGE);
        warmUp(process, out, () -> wrk.load(number, close, WARM_UP));
        Duration begun = cpu(process);
        Map<String, Double> load = wrk.load(number, close, MEASURED);
        if (load.get("errors") > 0) {
          throw Jvm.failed(command, "wrk met errors, " + load);
        }
        double requests = load.get("requests");
        figures.put(mode + " throughput", requests / load.get("seconds"));
        figures.put(mode + " cpu", cpu(process).minus(begun).toNanos() / 1000.0 / requests);
        for (String latency : List.of("p50", "p99", "p99.9")) {
          figures.put(mode + " " + latency, load.get(latency));
        }
      }
      return figures;
    } finally {
      process.getOutputStream().close();
      process.waitFor();
    }
  }

  /** Some seconds of load. */
  private interface Load {
    Map<String, Double> put() throws IOException, InterruptedException;
  }

  /** Until the compilers are done with what this load runs, or for half a minute. */
  private static void warmUp(Process process, BufferedReader out, Load load)
      throws IOException, InterruptedException {
    long before = ask(process, out, Service.Run.COMPILED);
    for (int i = 0; i < MOST_WARM_UPS; i++) {
      load.put();
      long compiled = ask(process, out, Service.Run.COMPILED);
      if (compiled - before < COMPILED * WARM_UP * 1000) {
        return;
      }
      before = compiled;
    }
  }

  private static long ask(Process process, BufferedReader out, String question) throws IOException {
    process.getOutputStream().write((question + '\n').getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
    String answer = out.readLine();
    if (answer == null) {
      throw new IOException("the service does not answer " + question);
    }
    return Long.parseLong(answer);
  }

  private static Duration cpu(Process process) throws IOException {
    return process
        .toHandle()
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new IOException("the service has ended"));
  }
}
