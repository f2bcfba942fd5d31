package io.descry.lab.corpus;

import com.caoccao.javet.interop.NodeRuntime;
import com.caoccao.javet.interop.V8Host;
import io.descry.lab.corpus.Peers.Manner;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.uring.IoUringIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import one.profiler.AsyncProfiler;

/** Programs under changing load, and programs that wait, without a leak. */
final class CleanLoads {
  private CleanLoads() {}

  /** Connections, twice as many every three seconds up to 256, then half as many down to one. */
  static final class DoublesAndHalves implements Program {
    private static final int DOUBLINGS = 8;

    private final Deque<Socket> open = new ArrayDeque<>();

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      int phase = i % (2 * DOUBLINGS);
      int wanted = 1 << (phase <= DOUBLINGS ? phase : 2 * DOUBLINGS - phase);
      InetSocketAddress peer = stage.peer(Manner.HOLDS);
      while (open.size() < wanted) {
        open.add(new Socket(peer.getAddress(), peer.getPort()));
      }
      while (open.size() > wanted) {
        open.remove().close();
      }
    }

    @Override
    public long pauseMillis() {
      return 3_000;
    }

    @Override
    public int seconds() {
      return 100;
    }

    @Override
    public void finish() throws IOException {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  /** Connections, a hundred a second, each closed when its peer has closed. */
  static final class Churn implements Program {
    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      InetSocketAddress peer = stage.peer(Manner.CLOSES);
      try (Socket socket = new Socket(peer.getAddress(), peer.getPort())) {
        socket.getInputStream().read();
      }
    }

    @Override
    public long pauseMillis() {
      return 10;
    }

    @Override
    public int seconds() {
      return 30;
    }
  }

  /** Connections held by turns, in a heap so full that collections take long. */
  static final class LongPauses implements Program {
    private static final int HELD = 60;

    private final Deque<Socket> open = new ArrayDeque<>();
    private final List<Object> heap = new ArrayList<>();

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void prepare(Stage stage) {
      for (int i = 0; i < 3_000_000; i++) {
        heap.add(new int[4]);
      }
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      InetSocketAddress peer = stage.peer(Manner.HOLDS);
      open.add(new Socket(peer.getAddress(), peer.getPort()));
      if (open.size() > HELD) {
        open.remove().close();
      }
      if (i % 5 == 0) {
        System.gc();
      }
    }

    @Override
    public long pauseMillis() {
      return 100;
    }

    @Override
    public void finish() throws IOException {
      heap.clear();
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  /** Event loops and selectors that have nothing to do for as long as the program runs. */
  static final class IdleLoops implements Program {
    private final List<MultiThreadIoEventLoopGroup> groups = new ArrayList<>();
    private final List<Selector> selectors = new ArrayList<>();

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      if (i > 0) {
        return;
      }
      for (int n = 0; n < 4; n++) {
        MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(4, EpollIoHandler.newFactory());
        group.submit(() -> {}).get();
        groups.add(group);
        selectors.add(Selector.open());
      }
    }

    @Override
    public void finish() throws Exception {
      for (MultiThreadIoEventLoopGroup group : groups) {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
      }
      for (Selector selector : selectors) {
        selector.close();
      }
    }
  }

  /** Event loop groups of io_uring, one after the other, each shut down when the next has begun. */
  static final class RollingRings implements Program {
    private MultiThreadIoEventLoopGroup current;

    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      MultiThreadIoEventLoopGroup next =
          new MultiThreadIoEventLoopGroup(2, IoUringIoHandler.newFactory());
      next.submit(() -> {}).get();
      finish();
      current = next;
    }

    @Override
    public void finish() throws InterruptedException {
      if (current != null) {
        current.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
      }
    }
  }

  /** Runtimes of Node that are made, used and closed. */
  static final class NodeCycles implements Program {
    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void prepare(Stage stage) throws Exception {
      step(stage, 0);
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      try (NodeRuntime runtime = V8Host.getNodeInstance().createV8Runtime()) {
        runtime.getExecutor("1 + 1").executeInteger();
      }
    }

    @Override
    public long pauseMillis() {
      return 1_000;
    }
  }

  /** Another agent at work: async-profiler records all the time, while threads come and go. */
  static final class Profiled implements Program {
    @Override
    public Truth truth() {
      return Truth.clean();
    }

    @Override
    public void step(Stage stage, int i) throws Exception {
      AsyncProfiler profiler = AsyncProfiler.getInstance();
      if (i % 100 == 0) {
        profiler.execute("start,jfr,event=ctimer,file=" + stage.directory().resolve(i + ".jfr"));
      }
      Thread thread = new Thread(() -> "x".repeat(10_000).hashCode());
      thread.start();
      thread.join();
      if (i % 100 == 99) {
        profiler.execute("stop");
      }
    }

    @Override
    public long pauseMillis() {
      return 50;
    }
  }
}
