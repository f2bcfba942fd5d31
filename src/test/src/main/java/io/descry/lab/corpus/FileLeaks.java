package io.descry.lab.corpus;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Files that Java code opens and does not close. */
final class FileLeaks {
  private FileLeaks() {}

  /** Streams that a list keeps. */
  static final class KeptStreams extends LeakEachStep.Busy {
    KeptStreams() {
      super("file");
    }

    @Override
    void leak(Stage stage) throws IOException {
      stage.keep(new FileOutputStream(stage.file("log").toFile(), true));
    }
  }

  /** Streams that nobody keeps: their Cleaner closes them when the collector runs. */
  static final class DroppedStreams extends LeakEachStep.Dropped {
    DroppedStreams() {
      super(Map.of("file", 1));
    }

    @Override
    Cause.Fate fate() {
      return Cause.Fate.COLLECTED;
    }

    @Override
    void leak(Stage stage) throws IOException {
      new FileInputStream(stage.file("input").toFile()).read();
    }
  }

  /** Channels that a list keeps. */
  static final class KeptChannels extends LeakEachStep {
    KeptChannels() {
      super("file");
    }

    @Override
    void leak(Stage stage) throws IOException {
      stage.keep(FileChannel.open(stage.file("data")));
    }
  }

  /**
   * {@code Files.list} without try-with-resources, as its documentation warns of. The JDK opens the
   * directory and duplicates the number: one for the stream, one for what is relative to it.
   */
  static final class DirectoryStreams implements Program {
    @Override
    public Truth truth() {
      return Truth.of(Cause.java("FileLeaks$DirectoryStreams.leak", Map.of("directory", 2)));
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      leak(stage);
      stage.leaked();
      if (i % 20 == 19) {
        System.gc();
      }
    }

    @SuppressWarnings("StreamResourceLeak")
    private static void leak(Stage stage) throws IOException {
      Files.list(stage.directory()).count();
    }
  }

  /** Archives, one each, that a list keeps. */
  static final class ZipFiles implements Program {
    @Override
    public Truth truth() {
      return Truth.of(Cause.java("FileLeaks$ZipFiles.leak", "file"));
    }

    @Override
    public long pauseMillis() {
      return BUSY;
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      leak(stage, archive(stage, i));
      stage.leaked();
    }

    private static void leak(Stage stage, Path archive) throws IOException {
      stage.keep(new ZipFile(archive.toFile()));
    }
  }

  /** Thousands of good closes at a site, and a hundredth that its error path forgets. */
  static final class ErrorPath implements Program {
    private static final int REQUESTS = 100;

    @Override
    public Truth truth() {
      return Truth.of(Cause.java("FileLeaks$ErrorPath.request", "file"));
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      for (int n = 0; n < REQUESTS; n++) {
        try {
          request(stage, n == i % REQUESTS);
        } catch (IllegalStateException e) {
          // What the request failed for; its channel is still open.
          stage.leaked();
        }
      }
    }

    private static void request(Stage stage, boolean bad) throws IOException {
      FileChannel channel = FileChannel.open(stage.file("request"));
      if (bad) {
        stage.keep(channel);
        throw new IllegalStateException("bad request");
      }
      channel.close();
    }
  }

  /** One in a thousand requests: too few to show as growth within the run. */
  static final class Slow implements Program {
    private static final int REQUESTS = 500;

    @Override
    public Truth truth() {
      return Truth.of(Cause.java("FileLeaks$Slow.request", "file"));
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      for (int n = 0; n < REQUESTS; n++) {
        boolean bad = n == 0 && i % 2 == 0;
        request(stage, bad);
        if (bad) {
          stage.leaked();
        }
      }
    }

    private static void request(Stage stage, boolean bad) throws IOException {
      FileChannel channel = FileChannel.open(stage.file("request"));
      if (bad) {
        stage.keep(channel);
      } else {
        channel.close();
      }
    }

    @Override
    public long pauseMillis() {
      return 900;
    }

    @Override
    public int seconds() {
      return 100;
    }
  }

  /** Forty at once, every seven seconds, and nothing between. */
  static final class InBursts implements Program {
    private static final int BURST = 40;

    @Override
    public Truth truth() {
      return Truth.of(Cause.java("FileLeaks$InBursts.leak", "file"));
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      for (int n = 0; n < BURST; n++) {
        leak(stage);
        stage.leaked();
      }
    }

    private static void leak(Stage stage) throws IOException {
      stage.keep(FileChannel.open(stage.file("burst")));
    }

    @Override
    public long pauseMillis() {
      return 7_000;
    }

    @Override
    public int seconds() {
      return 100;
    }
  }

  /** Log files that are deleted and not closed, as by a rotation that forgets the old one. */
  static final class DeletedLogs implements Program {
    private final List<FileOutputStream> old = new ArrayList<>();

    @Override
    public Truth truth() {
      return Truth.of(Cause.java("FileLeaks$DeletedLogs.rotate", "file"));
    }

    @Override
    public long pauseMillis() {
      return BUSY;
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      rotate(stage.directory().resolve("app.log"));
      stage.leaked();
    }

    private void rotate(Path log) throws IOException {
      FileOutputStream next = new FileOutputStream(log.toFile());
      next.write('x');
      old.add(next);
      Files.delete(log);
    }
  }

  /** A small archive of this number, in the stage's directory. */
  static Path archive(Stage stage, int number) throws IOException {
    Path archive = stage.directory().resolve(number + ".jar");
    if (!Files.exists(archive)) {
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
        zip.putNextEntry(new ZipEntry("entry.txt"));
        zip.closeEntry();
      }
    }
    return archive;
  }
}
