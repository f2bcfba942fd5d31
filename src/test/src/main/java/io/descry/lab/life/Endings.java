package io.descry.lab.life;

import io.descry.lab.Dialogue;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Holds one file to its end, which is as it is told. */
public final class Endings {
  private static FileInputStream held;

  private Endings() {}

  /**
   * The program.
   *
   * @param args {@code return}, {@code exit} with status 3, {@code throw}, or {@code wait} for a
   *     signal
   */
  public static void main(String[] args) throws Exception {
    Path file = Files.createTempFile("lab", ".held");
    held = new FileInputStream(file.toFile());
    Files.delete(file);
    Dialogue.ask("ready");
    switch (args[0]) {
      case "return" -> held.read();
      case "exit" -> System.exit(3);
      case "throw" -> throw new IllegalStateException("as told");
      case "wait" -> Thread.sleep(120_000);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }
}
