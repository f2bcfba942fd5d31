package io.descry.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** Finds out what process this is. */
public final class ThisProcess {
  private static final int LONGEST_COMMAND = 1000;
  private static final int LONGEST_NAME = 40;
  private static final String UNKNOWN = "unknown";

  private ThisProcess() {}

  /**
   * The facts of the process that runs this. Opens one file at most, and closes it. Nothing is
   * {@code null} but the container when there is none.
   */
  public static ProcessFacts facts() {
    return new ProcessFacts(
        pid(),
        command(System.getProperty("sun.java.command")),
        property("java.runtime.version", property("java.version", UNKNOWN)),
        property("java.vm.name", UNKNOWN) + " " + property("java.vm.version", UNKNOWN),
        property("os.name", UNKNOWN) + " " + property("os.arch", UNKNOWN),
        property("os.version", UNKNOWN),
        container(Path.of("/"), System.getenv()));
  }

  /** From /proc where there is one: ProcessHandle makes a thread pool when it is first used. */
  private static long pid() {
    try {
      return Long.parseLong(Files.readSymbolicLink(Path.of("/proc/self")).toString());
    } catch (IOException | NumberFormatException e) {
      return ProcessHandle.current().pid();
    }
  }

  /**
   * HotSpot's own property for main class and arguments; a JVM that was started through the
   * invocation interface has none.
   */
  static String command(String hotspot) {
    if (hotspot == null || hotspot.isBlank()) {
      return UNKNOWN;
    }
    return hotspot.length() > LONGEST_COMMAND
        ? hotspot.substring(0, LONGEST_COMMAND) + "..."
        : hotspot;
  }

  /**
   * The kind of container, outermost manager first. Sources: Kubernetes sets
   * KUBERNETES_SERVICE_HOST in every pod; Podman creates /run/.containerenv; Docker creates
   * /.dockerenv; systemd's container interface sets {@code container} in the environment and its
   * init writes the same word to /run/systemd/container (LXC, systemd-nspawn).
   */
  static String container(Path root, Map<String, String> environment) {
    if (environment.containsKey("KUBERNETES_SERVICE_HOST")) {
      return "kubernetes";
    }
    if (Files.exists(root.resolve("run/.containerenv"))) {
      return "podman";
    }
    if (Files.exists(root.resolve(".dockerenv"))) {
      return "docker";
    }
    String word = environment.get("container");
    if (word == null) {
      word = firstWord(root.resolve("run/systemd/container"));
    }
    if (word == null || !word.matches("[a-z][a-z0-9-]{0," + LONGEST_NAME + "}")) {
      return null;
    }
    return Set.of("lxc-libvirt", "lxc").contains(word) ? "lxc" : word;
  }

  private static String firstWord(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) <= LONGEST_NAME
          ? Files.readString(file).strip()
          : null;
    } catch (IOException e) {
      // Not readable says as little as not there: no container that Descry knows.
      return null;
    }
  }

  private static String property(String name, String otherwise) {
    String value = System.getProperty(name);
    return value == null || value.isBlank() ? otherwise : value;
  }
}
