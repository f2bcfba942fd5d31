package io.descry.lab.corpus;

import com.sun.jna.Pointer;
import io.descry.lab.corpus.Peers.Manner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Connections of libuv's, made one a second: more of them than a growing pool may have would take
 * too long, so that what becomes of each has to tell.
 */
abstract class LibuvConnections implements Program {
  private final List<Pointer> connections = new ArrayList<>();
  private UvClient client;

  private LibuvConnections() {}

  /** Once a second, between what the loop has to do. */
  abstract void second(Stage stage, int i);

  final UvClient client() {
    return client;
  }

  final List<Pointer> connections() {
    return connections;
  }

  @Override
  public Truth truth() {
    return Truth.of(Cause.library("libuv", Map.of("socket.tcp", 1)));
  }

  @Override
  public void prepare(Stage stage) {
    client = new UvClient(stage, Uv.loop(stage));
    // With the first stream a loop takes the null device in reserve.
    connections.add(client.connect(Manner.HOLDS));
  }

  @Override
  public void step(Stage stage, int i) {
    client.run();
    second(stage, i);
    client.run();
  }

  @Override
  public long pauseMillis() {
    return 1_000;
  }

  @Override
  public int seconds() {
    return 110;
  }

  /** A request is sent, and who would read the answer has lost the handle. */
  static final class Unread extends LibuvConnections {
    @Override
    void second(Stage stage, int i) {
      client().send(client().connect(Manner.ECHOES));
      stage.leaked();
    }
  }

  /** Reading stops when there is too much to do, and nobody remembers to go on. */
  static final class Paused extends LibuvConnections {
    @Override
    void second(Stage stage, int i) {
      Pointer tcp = client().connect(Manner.ECHOES);
      client().read(tcp);
      client().send(tcp);
      client().pause(tcp);
      stage.leaked();
    }
  }

  /** The slower one of two attempts: it is read from, and carries nothing. */
  static final class Unused extends LibuvConnections {
    @Override
    void second(Stage stage, int i) {
      client().read(client().connect(Manner.HOLDS));
      stage.leaked();
    }
  }

  private abstract static class Clean extends LibuvConnections {
    @Override
    public final Truth truth() {
      return Truth.clean();
    }

    @Override
    public final void finish() {
      client().end(connections());
    }

    final Pointer connect() {
      Pointer tcp = client().connect(Manner.ECHOES);
      connections().add(tcp);
      return tcp;
    }
  }

  /** Each of sixty is read from for a second, and then not for twenty, what may come. */
  static final class Backpressure extends Clean {
    private static final int MOST = 60;
    private static final int EACH = 21;

    @Override
    void second(Stage stage, int i) {
      List<Pointer> all = connections();
      if (all.size() < MOST) {
        connect();
      }
      for (int n = 1; n < all.size(); n++) {
        int phase = (i - n) % EACH;
        if (phase == 0) {
          client().read(all.get(n));
          client().send(all.get(n));
        } else if (phase == 1) {
          // What comes to this stays in the kernel.
          client().send(all.get(n));
          client().pause(all.get(n));
        }
      }
    }
  }

  /** A pool that is filled ahead, not read from, and used when it is needed at last. */
  static final class FilledAhead extends Clean {
    private static final int MOST = 50;
    private static final int USED = 85;

    @Override
    void second(Stage stage, int i) {
      if (connections().size() < MOST) {
        connect();
      } else if (i == USED) {
        for (Pointer tcp : connections().subList(1, MOST)) {
          client().read(tcp);
          client().send(tcp);
        }
      }
    }
  }
}
