package io.descry.lab.clean;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Two thousand files at once for half a second, every few seconds, and quiet between. */
final class Bursts implements Habit {
  private final Path file;

  Bursts(Path directory) throws IOException {
    file = Files.createFile(directory.resolve("file"));
  }

  @Override
  public void step(int i) throws Exception {
    List<FileInputStream> open = new ArrayList<>();
    for (int n = 0; n < 2_000; n++) {
      open.add(new FileInputStream(file.toFile()));
    }
    Thread.sleep(500);
    for (FileInputStream in : open) {
      in.close();
    }
  }

  @Override
  public long pauseMillis() {
    return 3_000;
  }
}
