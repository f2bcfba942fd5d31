package io.descry.lab.corpus;

import io.descry.lab.Libc;
import io.descry.lab.OpenNumbers;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.SortedMap;

/** Services of the JDK, made again and again and never shut down. */
final class ServiceLeaks {
  private ServiceLeaks() {}

  /** An HTTP client for each request, kept. */
  static final class HttpClients implements Program {
    @Override
    public Truth truth() {
      return Truth.of(
          Cause.java("ServiceLeaks$HttpClients.leak", Map.of("eventpoll", 1, "eventfd", 1)));
    }

    @Override
    public void step(Stage stage, int i) {
      leak(stage);
      stage.leaked();
    }

    private static void leak(Stage stage) {
      stage.keep(HttpClient.newHttpClient());
    }
  }

  /** Watch services, one for each reload. */
  static final class Watches implements Program {
    @Override
    public Truth truth() {
      return Truth.of(
          Cause.java("ServiceLeaks$Watches.leak", Map.of("inotify", 1, "socket.unix", 2)));
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      leak(stage);
      stage.leaked();
    }

    private static void leak(Stage stage) throws IOException {
      WatchService watch = stage.keep(stage.directory().getFileSystem().newWatchService());
      stage.directory().register(watch, StandardWatchEventKinds.ENTRY_MODIFY);
    }

    /** A user has 128 instances by default, says inotify(7), and this one has other programs. */
    @Override
    public long pauseMillis() {
      return 600;
    }
  }

  /** Class loaders over an archive each, kept and not closed. */
  static final class ClassLoaders implements Program {
    @Override
    public Truth truth() {
      return Truth.of(Cause.java("ServiceLeaks$ClassLoaders.leak", "file"));
    }

    @Override
    public long pauseMillis() {
      return BUSY;
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      leak(stage, FileLeaks.archive(stage, i));
      stage.leaked();
    }

    private static void leak(Stage stage, Path archive) throws IOException {
      URLClassLoader loader =
          stage.keep(new URLClassLoader(new URL[] {archive.toUri().toURL()}, null));
      if (loader.findResource("entry.txt") == null) {
        throw new IllegalStateException("no entry in " + archive);
      }
    }
  }

  /** Children that wait for input for ever; they end when this process does. */
  static final class Subprocesses implements Program {
    @Override
    public Truth truth() {
      return Truth.of(Cause.java("ServiceLeaks$Subprocesses.leak", Map.of("pipe", 3)));
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      leak(stage);
      stage.leaked();
    }

    private static void leak(Stage stage) throws IOException {
      stage.keep(new ProcessBuilder("cat").start());
    }
  }

  /** Native code closes the numbers of streams that believe them open. */
  static final class ClosedBehind implements Program {
    @Override
    public Truth truth() {
      return Truth.of(
          Cause.java("ServiceLeaks$ClosedBehind.victim", "file").that(Cause.Fate.HAZARD));
    }

    @Override
    public void prepare(Stage stage) {
      // Loads the library, and closes nothing.
      Libc.close(-1);
    }

    @Override
    public void step(Stage stage, int i) throws IOException, InterruptedException {
      SortedMap<Integer, String> before = OpenNumbers.now();
      Path file = stage.file("victim" + i);
      victim(stage, file);
      int number =
          OpenNumbers.since(before).entrySet().stream()
              .filter(open -> open.getValue().equals(file.toString()))
              .findFirst()
              .orElseThrow()
              .getKey();
      // Long enough for scans to have seen it open.
      Thread.sleep(2_500);
      if (Libc.close(number) != 0) {
        throw new IllegalStateException("not closed: " + number);
      }
      stage.leaked();
    }

    private static void victim(Stage stage, Path file) throws IOException {
      stage.keep(new FileInputStream(file.toFile()));
    }

    @Override
    public long pauseMillis() {
      return 2_500;
    }

    @Override
    public int seconds() {
      return 25;
    }
  }
}
