package io.descry.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the same program in fresh JVMs with and without Descry, the arms in turn. */
final class JvmRuns {
  private final String java;
  private final Map<String, String> arms;
  private final int runs;

  /**
   * Runs on a JDK.
   *
   * @param jdk its home
   * @param arms the agent's options by the name of the arm; {@code null} options: no agent
   */
  JvmRuns(Path jdk, Map<String, String> arms, int runs) {
    this.java = jdk.resolve("bin/java").toString();
    this.arms = arms;
    this.runs = runs;
  }

  /** The numbers that the program printed, sorted, by arm. */
  Map<String, double[]> measure(Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    Map<String, double[]> results = new LinkedHashMap<>();
    arms.keySet().forEach(arm -> results.put(arm, new double[runs]));
    for (int run = 0; run < runs; run++) {
      for (Map.Entry<String, String> arm : arms.entrySet()) {
        results.get(arm.getKey())[run] = run(arm.getValue(), program, arguments);
      }
    }
    results.values().forEach(Arrays::sort);
    return results;
  }

  private double run(String options, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java));
    if (options != null) {
      File jar = new File("agent/target/descry.jar");
      if (!jar.isFile()) {
        throw new IOException("not built yet: " + jar + "; run mvn -DskipTests package first");
      }
      command.add("-javaagent:" + jar + "=" + options);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      if (process.waitFor() != 0 || line == null) {
        throw new IOException("failed: " + String.join(" ", command));
      }
      return Double.parseDouble(line);
    }
  }
}
