package io.descry.lab.cost;

import com.sun.management.ThreadMXBean;
import io.descry.lab.Dialogue;
import io.descry.lab.Pace.Step;
import java.io.FileInputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Opens and closes, and says for each kind how many bytes of heap its thread allocated for one:
 * {@code KIND QUARTILE MEAN}. A quarter of them took no more than the first figure.
 */
public final class Allocating {
  /** As deep as in a small server. */
  private static final int DEPTH = 50;

  /** Enough to spend the allowance for stacks: 50 ms, at more than 1 µs each. */
  private static final int WARM_UP = 50_000;

  private static final int WARM_UP_CONNECTIONS = 3_000;
  private static final int MEASURED = 10_000;
  private static final String FILE = "/dev/null";
  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private Allocating() {}

  /** Measures and ends. */
  public static void main(String[] args) throws Exception {
    Path path = Path.of(FILE);
    measure("FileInputStream", WARM_UP, () -> new FileInputStream(FILE).close());
    measure("FileChannel", WARM_UP, () -> FileChannel.open(path, StandardOpenOption.READ).close());
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 50, loopback)) {
      measure("Socket", WARM_UP_CONNECTIONS, () -> connect(server));
    }
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(loopback, 0));
      measure("SocketChannel", WARM_UP_CONNECTIONS, () -> connect(server));
    }
  }

  // Both ends by the same thread, and reset, so that no port stays taken.
  private static void connect(ServerSocket server) throws Exception {
    try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept()) {
      client.setSoLinger(true, 0);
      accepted.setSoLinger(true, 0);
    }
  }

  private static void connect(ServerSocketChannel server) throws Exception {
    try (SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel accepted = server.accept()) {
      client.setOption(StandardSocketOptions.SO_LINGER, 0);
      accepted.setOption(StandardSocketOptions.SO_LINGER, 0);
    }
  }

  private static void measure(String kind, int warmUp, Step step) throws Exception {
    allocations(DEPTH, warmUp, step);
    long[] bytes = allocations(DEPTH, MEASURED, step);
    Arrays.sort(bytes);
    double mean = Arrays.stream(bytes).average().orElseThrow();
    Dialogue.say(kind + " " + bytes[bytes.length / 4] + " " + Math.round(mean));
  }

  /** What each of so many allocated, in bytes; so many frames further down. */
  private static long[] allocations(int frames, int times, Step step) throws Exception {
    if (frames > 0) {
      return allocations(frames - 1, times, step);
    }
    long[] bytes = new long[times];
    for (int i = 0; i < times; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      step.run();
      bytes[i] = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    return bytes;
  }
}
