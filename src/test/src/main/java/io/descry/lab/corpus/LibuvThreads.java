package io.descry.lab.corpus;

import com.sun.jna.Pointer;
import io.descry.lab.corpus.Peers.Manner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Loops of libuv, each with a connection, and who runs them. */
final class LibuvThreads {
  private LibuvThreads() {}

  /** A thread waits for an answer, gives up and ends. Its loop stays as it is. */
  static final class Ended implements Program {
    private static final long TIMEOUT_MILLIS = 1_100;

    @Override
    public Truth truth() {
      return Truth.of(
          Cause.library(
              "libuv",
              Map.of("eventpoll", 1, "eventfd", 1, "pipe", 2, "socket.tcp", 1, "device", 1)));
    }

    @Override
    public void prepare(Stage stage) throws Exception {
      step(stage);
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      step(stage);
      stage.leaked();
    }

    private static void step(Stage stage) throws InterruptedException {
      Thread thread = new Thread(() -> work(stage), "request");
      thread.start();
      thread.join();
    }

    private static void work(Stage stage) {
      UvClient client = new UvClient(stage, Uv.loop(stage));
      Pointer tcp = client.connect(Manner.HOLDS);
      client.read(tcp);
      client.send(tcp);
      client.run(TIMEOUT_MILLIS);
    }

    @Override
    public long pauseMillis() {
      return BUSY;
    }

    @Override
    public int seconds() {
      return 110;
    }
  }

  /** Each of many loops is run every few seconds, by one thread, which never waits in any. */
  static final class NowAndThen implements Program {
    private static final int MOST = 48;
    private static final int EACH = 3;

    private record Served(UvClient client, Pointer tcp) {}

    private final List<Served> loops = new ArrayList<>();

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) {
      if (loops.size() < MOST) {
        UvClient client = new UvClient(stage, Uv.loop(stage));
        Pointer tcp = client.connect(Manner.ECHOES);
        client.read(tcp);
        loops.add(new Served(client, tcp));
      }
      for (int n = i % EACH; n < loops.size(); n += EACH) {
        loops.get(n).client.run();
        loops.get(n).client.send(loops.get(n).tcp);
      }
    }

    @Override
    public long pauseMillis() {
      return 1_000;
    }

    @Override
    public int seconds() {
      return 110;
    }

    @Override
    public void finish() {
      for (Served served : loops) {
        served.client.end(List.of(served.tcp));
      }
    }
  }
}
