package io.descry.lab.corpus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs programs of the corpus, each in a JVM of its own, with Descry. For several threads.
 *
 * @param java home of the JDK
 * @param jar the agent
 * @param classPath of the programs
 * @param work where each program gets a directory of its name
 */
record Trial(Path java, Path jar, String classPath, Path work) {
  /** Time between scans; what the corpus is measured with. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final int PATIENCE_SECONDS = 90;
  private static final Pattern ANNOUNCED =
      Pattern.compile(".*finding (\\S+): (\\S+), (\\w+), (\\d+) (\\S+) (\\S+): .*");

  /**
   * Runs one, to its end.
   *
   * @return what is true, and what Descry said; a program that failed has a wrong label
   */
  Outcome run(Catalog.Entry entry) throws Exception {
    Path directory = work.resolve(entry.name());
    empty(directory);
    try (Peers peers = new Peers()) {
      Process process =
          new ProcessBuilder(command(entry, directory, peers))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("output").toFile())
              .start();
      Thread killer = new Thread(process::destroyForcibly);
      Runtime.getRuntime().addShutdownHook(killer);
      try {
        int seconds = entry.program().seconds() + PATIENCE_SECONDS;
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
          return failed(entry, "it did not end in " + seconds + " s");
        }
      } finally {
        process.destroyForcibly();
        Runtime.getRuntime().removeShutdownHook(killer);
      }
      return outcome(entry, directory);
    }
  }

  /** The text report of a program that was run. */
  String report(Catalog.Entry entry) throws IOException {
    Path report = work.resolve(entry.name()).resolve("report.txt");
    return Files.exists(report)
        ? Files.readString(report)
        : Files.readString(work.resolve(entry.name()).resolve("output"));
  }

  private List<String> command(Catalog.Entry entry, Path directory, Peers peers)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java.resolve("bin/java").toString());
    command.add("-Xmx256m");
    command.add(
        "-javaagent:%s=report=%s,formats=text+json,interval=%ds,log=%s"
            .formatted(
                jar, directory.resolve("report"), INTERVAL.toSeconds(), directory.resolve("log")));
    command.addAll(entry.program().options(directory));
    if (!Files.readString(java.resolve("release")).contains("JAVA_VERSION=\"17")) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-Dlogback.configurationFile=io/descry/lab/demo/logback.xml");
    command.addAll(List.of("-cp", classPath, Run.class.getName(), entry.name()));
    command.add(Files.createDirectories(directory.resolve("files")).toString());
    command.add(peers.argument());
    return command;
  }

  private static Outcome outcome(Catalog.Entry entry, Path directory) throws IOException {
    List<String> output = Files.readAllLines(directory.resolve("output"));
    String wrong = said(output, Run.WRONG);
    String truth = said(output, Run.TRUTH);
    Path report = directory.resolve("report.json");
    if (truth == null || !Files.exists(report)) {
      return failed(entry, wrong != null ? wrong : "no truth or no report, see " + directory);
    }
    JsonObject label = new JsonObject(truth);
    JsonObject json = new JsonObject(Files.readString(report));
    String began = said(output, Run.BEGAN);
    Instant first = began == null ? null : Instant.ofEpochMilli(Long.parseLong(began));
    Instant last = Instant.parse(json.getJsonObject("descry").getString("written"));
    return new Outcome(
        entry.name(),
        wrong,
        label.getJsonArray("causes").stream().map(JsonObject.class::cast).map(Cause::of).toList(),
        label.getInteger("leaks"),
        first,
        first == null ? Duration.ZERO : Duration.between(first, last),
        findings(json, directory.resolve("log")));
  }

  private static List<Reported> findings(JsonObject report, Path log) throws IOException {
    List<Reported> findings = new ArrayList<>();
    report.getJsonArray("findings").stream()
        .map(JsonObject.class::cast)
        .map(Reported::of)
        .forEach(findings::add);
    Set<String> last = Set.copyOf(findings.stream().map(Reported::id).toList());
    for (String line : Files.exists(log) ? Files.readAllLines(log) : List.<String>of()) {
      Matcher found = ANNOUNCED.matcher(line);
      if (found.matches() && !last.contains(found.group(1))) {
        findings.add(
            new Reported(
                found.group(1),
                found.group(2),
                found.group(3),
                false,
                found.group(5),
                null,
                new JsonArray(),
                Set.of(found.group(6)),
                Integer.parseInt(found.group(4)),
                null,
                true));
      }
    }
    return findings;
  }

  private static String said(List<String> output, String beginning) {
    return output.stream()
        .filter(line -> line.startsWith(beginning))
        .findFirst()
        .map(line -> line.substring(beginning.length()))
        .orElse(null);
  }

  private static Outcome failed(Catalog.Entry entry, String why) {
    return new Outcome(
        entry.name(), why, entry.program().truth().causes(), 0, null, Duration.ZERO, List.of());
  }

  private static void empty(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(directory);
  }
}
