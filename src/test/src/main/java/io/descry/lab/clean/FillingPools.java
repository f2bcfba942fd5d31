package io.descry.lab.clean;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two pools that fill evenly, one channel after the other and without a single close: a small one
 * that is full halfway and then stays, and one that fills for as long as the program runs.
 */
final class FillingPools implements Habit {
  private static final int SMALL = 40;
  private static final int LARGE = 90;

  private final Path file;
  private final List<FileChannel> small = new ArrayList<>();
  private final List<FileChannel> large = new ArrayList<>();

  FillingPools(Path directory) throws IOException {
    file = Files.createFile(directory.resolve("file"));
  }

  @Override
  public void step(int i) throws IOException {
    if (small.size() < SMALL) {
      small.add(FileChannel.open(file));
    }
    if (large.size() < LARGE) {
      large.add(FileChannel.open(file));
    }
  }

  @Override
  public long pauseMillis() {
    return 360;
  }

  @Override
  public void finish() throws IOException {
    for (List<FileChannel> pool : List.of(small, large)) {
      for (FileChannel channel : pool) {
        channel.close();
      }
    }
  }
}
