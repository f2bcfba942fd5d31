package io.descry.lab.cost;

import io.descry.lab.Dialogue;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds descriptors and does nothing. On {@code files N} it holds N more, all files; on {@code
 * mixed N} N more of which, of twenty, eight are files, eight connected sockets, two pipes' and two
 * a selector's; on {@code heap} it says the bytes that are in use after full collections. Each is
 * answered by a line with a number.
 */
public final class Holding {
  private static final String FILE = Path.of(System.getProperty("java.home"), "release").toString();
  private static final List<Object> HELD = new ArrayList<>(20_000);

  private Holding() {}

  /** Does as it is told until the other end is closed. */
  public static void main(String[] args) throws Exception {
    Dialogue.say("ready");
    for (String line = Dialogue.hear(); line != null; line = Dialogue.hear()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "files" -> files(Integer.parseInt(words[1]));
        case "mixed" -> mixed(Integer.parseInt(words[1]));
        case "heap" -> Dialogue.say("heap " + heap());
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private static void files(int many) throws IOException {
    hold(many);
    Dialogue.say("holding " + HELD.size());
  }

  private static void hold(int files) throws IOException {
    for (int i = 0; i < files; i++) {
      HELD.add(new FileInputStream(FILE));
    }
  }

  private static void mixed(int many) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    HELD.add(server);
    for (int held = 1; held < many; held += 20) {
      hold(8);
      for (int connection = 0; connection < 4; connection++) {
        HELD.add(SocketChannel.open(server.getLocalAddress()));
        HELD.add(server.accept());
      }
      HELD.add(Pipe.open());
      HELD.add(Selector.open());
    }
    Dialogue.say("holding " + HELD.size());
  }

  private static long heap() {
    // Twice: what the first found weakly reachable is freed by the second.
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
