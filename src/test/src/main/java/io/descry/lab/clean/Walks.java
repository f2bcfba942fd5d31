package io.descry.lab.clean;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A tree walked, listed and read all the time. */
final class Walks implements Habit {
  private final Path root;

  Walks(Path directory) throws IOException {
    root = directory;
    for (int i = 0; i < 50; i++) {
      Path below = Files.createDirectories(root.resolve("d" + i % 7).resolve("e" + i));
      Files.writeString(below.resolve("file"), "line\n");
    }
  }

  @Override
  public void step(int i) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        try (Stream<String> lines = Files.lines(path)) {
          lines.count();
        }
      }
    }
  }
}
