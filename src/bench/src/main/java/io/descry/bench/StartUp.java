package io.descry.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How much later a program is there with Descry than in a bare JVM of the same run: hello world,
 * and a Vert.x service until it has answered its first request. And how many classes hello world
 * loads, and how many of them from the archive that is shared.
 */
public final class StartUp {
  private static final String ANSWERED = "until it had answered";
  private static final String ENDED = "until it had ended";
  private static final String CPU = "CPU, to the end";
  private static final List<String> FIGURES = List.of(ANSWERED, ENDED, CPU);

  // The shell's own report has milliseconds; that of /proc has hundredths of a second.
  private static final String TIMED =
      "TIMEFORMAT=$'user\\t%3U\\nsystem\\t%3S'; { time \"$@\" 2>/dev/null; } 2>&1";

  private StartUp() {}

  /** Measures and prints; see {@link Bench}. */
  public static void main(String[] arguments) throws Exception {
    Bench bench = new Bench(StartUp.class, arguments, 11);
    List<Arm> arms = new ArrayList<>(Arm.ALL);
    arms.add(new Arm("start=later", "report=none,start=later"));
    arms.add(IdleAgent.arm());
    bench.print(
        "Milliseconds, minimum / median / maximum; in brackets by how much the median is above that"
            + " of the bare JVM.\n");
    for (Jdk jdk : bench.jdks()) {
      Table table = new Table(jdk.name(), "arm", ANSWERED, ENDED, CPU);
      rows(table, bench, jdk, arms, "hello world", Hello.class);
      rows(table, bench, jdk, arms, "Vert.x service", FirstAnswer.class);
      bench.print(table);
      Table classes = new Table(jdk.name(), "classes loaded by hello world", "of these shared");
      for (Arm arm : arms) {
        Path log = Files.createTempFile("descry-bench", "classes");
        new Jvm(jdk, arm, "-Xlog:class+load:file=" + log).run(Hello.class);
        classes.row(arm.name(), count(log, "source: "), count(log, "shared objects file"));
        Files.delete(log);
      }
      bench.print(classes);
    }
  }

  private static void rows(
      Table table, Bench bench, Jdk jdk, List<Arm> arms, String title, Class<?> program)
      throws IOException, InterruptedException {
    Results results =
        Results.inTurn(
            jdk.name() + ", " + title,
            bench.runs(),
            arms,
            arm -> measure(new Jvm(jdk, arm), program));
    for (Arm arm : arms) {
      table.row(
          title,
          arm.name(),
          cell(results, arm, ANSWERED),
          cell(results, arm, ENDED),
          cell(results, arm, CPU));
    }
  }

  private static String cell(Results results, Arm arm, String figure) {
    String text = results.of(arm, figure).text(0);
    double more = results.more(arm, figure);
    return arm.equals(Arm.BARE)
        ? text
        : text + (more < 0 ? " (" : " (+") + Table.number(more, 0) + ")";
  }

  private static Map<String, Double> measure(Jvm jvm, Class<?> program)
      throws IOException, InterruptedException {
    Jvm whole = program == Hello.class ? jvm : jvm.withLibraries();
    List<String> command =
        Stream.concat(Stream.of("bash", "-c", TIMED, "bash"), whole.command(program).stream())
            .toList();
    Map<String, Double> figures = new HashMap<>();
    long begun = System.nanoTime();
    Process process = Jvm.start(command);
    try (BufferedReader out = Jvm.output(process)) {
      if (!Hello.LINE.equals(out.readLine())) {
        throw Jvm.failed(command, "no answer");
      }
      figures.put(ANSWERED, (System.nanoTime() - begun) / 1e6);
      double cpu = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        cpu += 1000 * Double.parseDouble(line.substring(line.indexOf('\t') + 1));
      }
      figures.put(ENDED, (System.nanoTime() - begun) / 1e6);
      figures.put(CPU, cpu);
    }
    if (process.waitFor() != 0) {
      throw Jvm.failed(command, "failed");
    }
    return figures;
  }

  private static long count(Path log, String text) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains(text)).count();
    }
  }

  /** Hello world. */
  static final class Hello {
    static final String LINE = "answered\t1";

    private Hello() {}

    /** Prints one line. */
    public static void main(String[] arguments) {
      System.out.println(LINE);
    }
  }

  /** Starts a Vert.x service, asks it once, and prints one line. */
  static final class FirstAnswer {
    private FirstAnswer() {}

    /** Does so, and ends. */
    public static void main(String[] arguments) throws Exception {
      int port = Service.VERTX.start();
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client
            .getOutputStream()
            .write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
      }
      System.out.println(Hello.LINE);
      System.exit(0);
    }
  }
}
