package io.descry.lab.clean;

import io.descry.lab.Libuv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** libuv loops with a handle, a pipe and a file, each closed as libuv wants it. */
final class LibuvCycles implements Habit {
  private final String file;

  LibuvCycles(Path directory) throws IOException {
    file = Files.createFile(directory.resolve("file")).toString();
  }

  @Override
  public void step(int i) {
    try (Libuv.Loop first = new Libuv.Loop(file);
        Libuv.Loop second = new Libuv.Loop(file)) {
      first.hashCode();
      second.hashCode();
    }
  }
}
