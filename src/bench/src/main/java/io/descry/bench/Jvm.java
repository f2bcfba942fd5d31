package io.descry.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * How a measured program is run: one of this package's with a {@code main}.
 *
 * @param jdk on which JDK
 * @param arm with which agent
 * @param libraries whether Vert.x and the other libraries are on its class path
 * @param options of the JVM
 */
record Jvm(Jdk jdk, Arm arm, boolean libraries, List<String> options) {
  private static final Path DESCRY = Path.of("agent/target/descry.jar");
  private static final File ERRORS = new File("src/bench/target/last-jvm.err");

  Jvm(Jdk jdk, Arm arm, String... options) {
    this(jdk, arm, false, List.of(options));
  }

  /** The same with the libraries on its class path. */
  Jvm withLibraries() {
    return new Jvm(jdk, arm, true, options);
  }

  /** The command line. */
  List<String> command(Class<?> program, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(jdk.java()));
    if (arm.options() != null) {
      Path agent = arm.agent() == null ? DESCRY : arm.agent();
      if (!Files.isRegularFile(agent)) {
        throw new IOException("not built yet: " + agent + "; run mvn -DskipTests package first");
      }
      command.add("-javaagent:" + agent + "=" + arm.options());
    }
    command.addAll(options);
    if (Bench.QUICK) {
      command.add("-Ddescry.bench.quick=true");
    }
    String classPath = System.getProperty("java.class.path");
    command.add("-cp");
    command.add(libraries ? classPath : classPath.split(File.pathSeparator)[0]);
    command.add(program.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  /**
   * Starts a command; its standard output is the caller's to read, what it writes to standard error
   * is kept until the next is started.
   */
  static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectError(ERRORS).start();
  }

  /**
   * Runs a program to its end and returns the figures that it printed, one a line: a name, a tab
   * and a number. What has no tab is not looked at.
   */
  Map<String, Double> run(Class<?> program, Object... arguments)
      throws IOException, InterruptedException {
    return figures(command(program, arguments));
  }

  /** {@link #run} for any command. */
  static Map<String, Double> figures(List<String> command)
      throws IOException, InterruptedException {
    Process process = start(command);
    Map<String, Double> figures = new LinkedHashMap<>();
    try (BufferedReader out = output(process)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        figure(line, figures::put);
      }
    }
    int status = process.waitFor();
    if (status != 0 || figures.isEmpty()) {
      throw failed(command, "status " + status);
    }
    return figures;
  }

  /** Hands on the figure that a line tells, if it does. */
  static void figure(String line, BiConsumer<String, Double> figures) {
    int tab = line.indexOf('\t');
    if (tab > 0) {
      figures.accept(line.substring(0, tab), Double.valueOf(line.substring(tab + 1)));
    }
  }

  /** The standard output of a process. */
  static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** That a command failed, with what it wrote to standard error. */
  static IOException failed(List<String> command, String how) throws IOException {
    return new IOException(
        how
            + ": "
            + String.join(" ", command)
            + "\n"
            + Files.readString(Path.of(ERRORS.getPath())));
  }
}
