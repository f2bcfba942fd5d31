package io.descry.lab.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@link LeakyService} in a JVM of its own, with the agent; killed when this JVM ends. */
final class ServiceProcess {
  private static final Pattern LISTENING = Pattern.compile("(?m)^listening on (\\d+)$");

  private final Process process;
  private final Path log;
  private final int port;

  /**
   * Starts the service and waits until it listens.
   *
   * @param agent the {@code -javaagent} argument
   * @throws IllegalStateException when it ends before it listens, or takes longer than 30 s
   */
  ServiceProcess(String agent, Backend backend, Path directory)
      throws IOException, InterruptedException {
    log = directory.resolve("service.log");
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                agent,
                "-Xmx64m",
                "-Dlogback.configurationFile=io/descry/lab/demo/logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                LeakyService.class.getName(),
                Integer.toString(backend.pricePort()),
                Integer.toString(backend.quotePort()),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    port = awaitPort();
  }

  long pid() {
    return process.pid();
  }

  int port() {
    return port;
  }

  /** What the service and the JVM have printed so far. */
  List<String> output() throws IOException {
    return Files.readAllLines(log);
  }

  /**
   * Sends SIGTERM (which is what {@link Process#destroy} sends on Linux) and waits for the end.
   *
   * @return the exit status, 143 after SIGTERM
   * @throws IllegalStateException when it takes longer than 10 s
   */
  int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the service did not end on SIGTERM, see " + log);
    }
    return process.exitValue();
  }

  private int awaitPort() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (process.isAlive() && System.nanoTime() < deadline) {
      Matcher line = LISTENING.matcher(Files.readString(log));
      if (line.find()) {
        return Integer.parseInt(line.group(1));
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("the service did not start:\n" + Files.readString(log));
  }
}
