package io.descry.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The checkout of Descry's sources that this jar was built in, with the programs of the lab.
 *
 * @param root its directory
 * @param jar this jar
 * @param classPath of the lab
 */
record Checkout(Path root, Path jar, String classPath) {
  private static final String LAB = "src/test/target";

  /**
   * Finds it from where the jar is.
   *
   * @throws UnusableException when the jar has left it
   */
  static Checkout ofThisJar(String command) throws UnusableException {
    Path jar = OwnJar.path();
    Path root = jar == null ? null : jar.resolve("../../..").normalize();
    Path list = root == null ? null : root.resolve(LAB).resolve("lab.classpath");
    if (list == null || !Files.isRegularFile(list)) {
      throw new UnusableException(
          command
              + " runs programs that are not in this jar but in Descry's sources; get those and run"
              + " ./descry "
              + command
              + " there (it builds what it needs)");
    }
    try {
      return new Checkout(
          root,
          jar,
          root.resolve(LAB).resolve("classes")
              + ":"
              + Files.readString(list, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new UnusableException(list + " cannot be read: " + e, e);
    }
  }

  /** Where the lab may write. */
  Path work() {
    return root.resolve(LAB).resolve("corpus");
  }

  /** Runs a program of the lab's with this Java, on this terminal, and gives its exit status. */
  int run(List<String> options, String main, List<String> arguments) throws UnusableException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(java.lang.System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-Dlogback.configurationFile=io/descry/lab/demo/logback.xml", "-cp", classPath, main));
    command.addAll(arguments);
    try {
      return new ProcessBuilder(command).directory(root.toFile()).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UnusableException(main + " cannot be started: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnusableException("interrupted", e);
    }
  }
}
