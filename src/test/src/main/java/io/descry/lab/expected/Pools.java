package io.descry.lab.expected;

import io.descry.api.ExpectedHandles;
import io.descry.api.HandleKind;
import io.descry.lab.Dialogue;
import io.descry.lab.Pace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A pool that tells Descry how many files it holds, through two copies of the API; and code that
 * opens files beside it, which no book has.
 */
public final class Pools {
  private static final int SIZE = 5;
  private static final Pool POOL = new Pool();
  private static final List<FileChannel> FORGOTTEN = new ArrayList<>();

  private Pools() {}

  /**
   * The program.
   *
   * @param args {@code leak} or {@code right}, how many times, and the milliseconds between
   */
  public static void main(String[] args) throws Exception {
    Path file = Files.createTempFile("lab", ".pool");
    boolean leak = args[0].equals("leak");
    ExpectedHandles.named("files")
        .ofKind(HandleKind.FILE)
        .openedBy(Pools.class)
        .register(POOL, Pool::size);
    MovedApi.register("moved", Pools.class.getName(), POOL, Pool::size);
    ExpectedHandles.named("closed")
        .openedBy(Pools.class)
        .register(POOL, pool -> pool.size() - SIZE)
        .close();
    Dialogue.ask("ready");
    POOL.fill(file, SIZE);
    Pace.keep(
        Integer.parseInt(args[1]),
        Long.parseLong(args[2]),
        () -> {
          if (leak) {
            audit(file);
          } else {
            POOL.roll(file);
          }
        });
    Dialogue.ask("done " + (POOL.size() + FORGOTTEN.size()));
    Files.delete(file);
  }

  private static void audit(Path file) throws IOException {
    FORGOTTEN.add(FileChannel.open(file));
  }

  private static final class Pool {
    private final List<FileChannel> held = new ArrayList<>();

    synchronized int size() {
      return held.size();
    }

    synchronized void fill(Path file, int size) throws IOException {
      while (held.size() < size) {
        held.add(FileChannel.open(file));
      }
    }

    /** One more for a while, then the oldest out. */
    void roll(Path file) throws IOException {
      fill(file, SIZE + 1);
      synchronized (this) {
        held.remove(0).close();
      }
    }
  }
}
