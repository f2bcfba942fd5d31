package io.descry.lab.life;

import io.descry.lab.Dialogue;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens a file before the agent is there, and another after. */
public final class Early {
  private Early() {}

  /**
   * The program.
   *
   * @param args the two files
   */
  public static void main(String[] args) throws IOException {
    Path before = Files.createFile(Path.of(args[0]));
    Path after = Files.createFile(Path.of(args[1]));
    try (FileInputStream first = new FileInputStream(before.toFile())) {
      Dialogue.ask("early");
      try (FileInputStream second = new FileInputStream(after.toFile())) {
        second.read();
        Dialogue.ask("late");
      }
      first.read();
    }
    Dialogue.ask("closed");
  }
}
