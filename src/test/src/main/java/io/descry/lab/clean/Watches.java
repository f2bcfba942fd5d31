package io.descry.lab.clean;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.Deque;

/** A watch that stays, and others of which the five newest live. */
final class Watches implements Habit {
  private final Path directory;
  private final WatchService staying;
  private final Deque<WatchService> newest = new ArrayDeque<>();

  Watches(Path directory) throws IOException {
    this.directory = directory;
    staying = watch();
  }

  private WatchService watch() throws IOException {
    WatchService service = directory.getFileSystem().newWatchService();
    directory.register(service, StandardWatchEventKinds.ENTRY_CREATE);
    return service;
  }

  @Override
  public void step(int i) throws IOException {
    newest.add(watch());
    if (newest.size() > 5) {
      newest.remove().close();
    }
  }

  @Override
  public void finish() throws IOException {
    staying.close();
    for (WatchService service : newest) {
      service.close();
    }
  }
}
