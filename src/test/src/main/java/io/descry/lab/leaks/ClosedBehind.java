package io.descry.lab.leaks;

import io.descry.lab.Dialogue;
import io.descry.lab.Libc;
import io.descry.lab.OpenNumbers;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Streams whose numbers native code closes behind their backs. */
public final class ClosedBehind {
  private ClosedBehind() {}

  /** The program. */
  public static void main(String[] args) throws Exception {
    Path file = Files.createTempFile("lab", ".behind");
    Map<Integer, String> before = Map.copyOf(OpenNumbers.now());
    List<FileInputStream> owners = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      owners.add(victim(file));
    }
    TreeSet<Integer> numbers = new TreeSet<>();
    OpenNumbers.now()
        .forEach(
            (number, target) -> {
              if (!target.equals(before.get(number)) && target.equals(file.toString())) {
                numbers.add(number);
              }
            });
    if (numbers.size() != owners.size()) {
      throw new IllegalStateException("opened " + numbers);
    }
    // Only now does JNA ask for the function's address, when the tracer is sure to be there.
    Dialogue.ask("ready");
    for (int number : numbers) {
      if (Libc.close(number) != 0) {
        throw new IllegalStateException("not closed: " + number);
      }
    }
    Dialogue.ask("closed " + numbers);
    Files.delete(file);
    if (owners.isEmpty()) {
      throw new IllegalStateException("owners must be kept to here");
    }
  }

  static FileInputStream victim(Path file) throws Exception {
    return new FileInputStream(file.toFile());
  }
}
