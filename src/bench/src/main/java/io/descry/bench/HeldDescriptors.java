package io.descry.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds descriptors of mixed kinds, of ten four are files, four are connected sockets and two are
 * pipes or event polls, and prints what it takes of a processor then, in milliseconds per second.
 * Run in a JVM of its own by {@link ScanShare}.
 *
 * <p>Arguments: how many descriptors.
 */
public final class HeldDescriptors {

  private static final int WARM_UP = 20;
  private static final int MEASURED = 30;

  /** How long it takes, in seconds. */
  static final int SECONDS = WARM_UP + MEASURED;

  private static final List<Object> HELD = new ArrayList<>();

  private HeldDescriptors() {}

  /** Measures; see the class. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int descriptors = Integer.parseInt(arguments[0]);
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      for (int ten = 0; ten < descriptors / 10; ten++) {
        hold(server, ten % 2 == 0);
      }
    }
    Thread.sleep(1000L * WARM_UP);
    long begunCpu = cpu();
    long begun = System.nanoTime();
    Thread.sleep(1000L * MEASURED);
    System.out.println((cpu() - begunCpu) * 1000.0 / (System.nanoTime() - begun));
  }

  private static void hold(ServerSocketChannel server, boolean pipe) throws IOException {
    for (int file = 0; file < 4; file++) {
      HELD.add(new FileInputStream("/dev/null"));
    }
    for (int connection = 0; connection < 2; connection++) {
      HELD.add(SocketChannel.open(server.getLocalAddress()));
      HELD.add(server.accept());
    }
    HELD.add(pipe ? Pipe.open() : Selector.open());
  }

  private static long cpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
