package io.descry.bench;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The load generator wrk, of the Debian package of that name. */
final class Wrk {
  private static final String CONNECTIONS = "16";
  private final String script;

  /** Installs it if it is missing, which only root can. */
  Wrk() throws IOException, InterruptedException {
    if (!has()) {
      if (!"root".equals(System.getProperty("user.name"))) {
        throw new IOException("wrk is missing, and only root can install it: apt-get install wrk");
      }
      new ProcessBuilder("sh", "-c", "apt-get update -qq; apt-get install -y -qq wrk")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
      if (!has()) {
        throw new IOException("wrk is missing, and apt-get install wrk failed");
      }
    }
    try {
      script = Path.of(Wrk.class.getResource("wrk.lua").toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static boolean has() throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", "command -v wrk")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  /**
   * Puts load on a port of this host over 16 connections, and returns the figures of wrk.lua.
   *
   * @param close whether each request has a connection of its own
   */
  Map<String, Double> load(int port, boolean close, int seconds)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("wrk", "-t", "1", "-c", CONNECTIONS, "-d", seconds + "s", "-s", script));
    if (close) {
      command.addAll(List.of("-H", "Connection: close"));
    }
    command.add("http://127.0.0.1:" + port + "/");
    return Jvm.figures(Processors.load(command));
  }
}
