package io.descry.lab.corpus;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** Programs that hold many files, and leak none. */
final class CleanFiles {
  private CleanFiles() {}

  /**
   * A cache of open files by random keys: it grows to all of its 250 keys, ever slower, and stays.
   */
  static final class GrowingCache implements Program {
    private static final int KEYS = 250;

    private final Random random = new Random(1);
    private final Map<Integer, FileChannel> cache = new HashMap<>();

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      int key = random.nextInt(KEYS);
      FileChannel channel = cache.get(key);
      if (channel == null) {
        channel = FileChannel.open(stage.file("key" + key));
        cache.put(key, channel);
      }
      channel.position();
    }

    @Override
    public long pauseMillis() {
      return 30;
    }

    @Override
    public int seconds() {
      return 60;
    }

    @Override
    public void finish() throws IOException {
      for (FileChannel channel : cache.values()) {
        channel.close();
      }
    }
  }

  /** Twenty log files, each rotated every second or so. */
  static final class LogRotation implements Program {
    private static final int LOGS = 20;

    private final Map<Path, OutputStream> logs = new HashMap<>();

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      Path log = stage.directory().resolve("log" + i % LOGS);
      OutputStream old = logs.get(log);
      if (old != null) {
        Files.move(
            log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
      }
      OutputStream next = Files.newOutputStream(log);
      logs.put(log, next);
      if (old != null) {
        old.close();
      }
      next.write('x');
    }

    @Override
    public long pauseMillis() {
      return 50;
    }

    @Override
    public void finish() throws IOException {
      for (OutputStream log : logs.values()) {
        log.close();
      }
    }
  }

  /** Two hundred archives, opened by class loaders within the first seconds, in use ever since. */
  static final class ManyJars implements Program {
    private static final int JARS = 200;

    private final List<URLClassLoader> loaders = new ArrayList<>();

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      if (i < JARS) {
        Path archive = FileLeaks.archive(stage, i);
        loaders.add(new URLClassLoader(new URL[] {archive.toUri().toURL()}, null));
      }
      URLClassLoader loader = loaders.get(i % loaders.size());
      if (i < JARS && loaders.get(i).findResource("entry.txt") == null || loader == null) {
        throw new IllegalStateException("no entry");
      }
    }

    @Override
    public long pauseMillis() {
      return 40;
    }

    @Override
    public void finish() throws IOException {
      for (URLClassLoader loader : loaders) {
        loader.close();
      }
    }
  }

  /** An application in a class loader of its own, replaced by its next version every second. */
  static final class Redeploy implements Program {
    private URLClassLoader deployed;
    private Closeable application;

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      finish();
      Path archive = FileLeaks.archive(stage, i % 3);
      deployed = new Child(archive.toUri().toURL());
      application =
          (Closeable)
              deployed
                  .loadClass(Application.class.getName())
                  .getConstructor(Path.class)
                  .newInstance(stage.file("data"));
    }

    @Override
    public long pauseMillis() {
      return 800;
    }

    @Override
    public void finish() throws Exception {
      if (deployed != null) {
        application.close();
        deployed.close();
      }
    }

    /** Defines the application itself, all else comes from its parent. */
    private static final class Child extends URLClassLoader {
      Child(URL archive) {
        super(new URL[] {archive}, Child.class.getClassLoader());
      }

      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.equals(Application.class.getName()) || findLoadedClass(name) != null) {
          return super.loadClass(name, resolve);
        }
        String file = name.replace('.', '/') + ".class";
        try (InputStream in = getResourceAsStream(file)) {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          in.transferTo(out);
          findResource("entry.txt").hashCode();
          return defineClass(name, out.toByteArray(), 0, out.size());
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    }
  }

  /** What is deployed: it opens what it needs at the start and closes it at its end. */
  public static final class Application implements Closeable {
    private final List<Closeable> open = new ArrayList<>();

    /** Starts it. */
    public Application(Path data) throws IOException {
      for (int i = 0; i < 10; i++) {
        open.add(FileChannel.open(data));
      }
      open.add(new ServerSocket(0));
      open.add(Selector.open());
      open.add(data.getFileSystem().newWatchService());
    }

    @Override
    public void close() throws IOException {
      for (Closeable one : open) {
        one.close();
      }
    }
  }

  /** A store with tiny buffers: it flushes and compacts all the time. */
  static final class Compaction implements Program {
    private Options options;
    private RocksDB store;

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      if (store == null) {
        options =
            new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(64 << 10)
                .setTargetFileSizeBase(64 << 10)
                .setMaxBytesForLevelBase(256 << 10);
        store = RocksDB.open(options, stage.directory().resolve("db").toString());
      }
      byte[] value = new byte[1_000];
      new Random(i).nextBytes(value);
      for (int n = 0; n < 20; n++) {
        store.put(Integer.toString((i * 20 + n) % 20_000).getBytes(StandardCharsets.UTF_8), value);
      }
    }

    @Override
    public long pauseMillis() {
      return 40;
    }

    @Override
    public int seconds() {
      return 60;
    }

    @Override
    public void finish() {
      store.close();
      options.close();
    }
  }
}
