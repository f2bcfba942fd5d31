package io.descry.lab.leaks;

import io.descry.lab.Dialogue;
import io.descry.lab.Json;
import io.descry.lab.OpenNumbers;
import io.descry.lab.Pace;
import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Java code that leaks in five ways at once, all told by their sites, beside a healthy accept loop.
 */
public final class JavaLeaks {
  private static final List<Object> KEPT = new ArrayList<>();

  private JavaLeaks() {}

  /**
   * The program.
   *
   * @param args how many times each leak leaks, and the milliseconds between
   */
  public static void main(String[] args) throws Exception {
    int times = Integer.parseInt(args[0]);
    Path file = Files.createTempFile("lab", ".leak");
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread hangingUp = new Thread(() -> hangUp(server), "hanging-up");
      hangingUp.setDaemon(true);
      hangingUp.start();
      Dialogue.ask("ready");
      Map<Integer, String> before = Map.copyOf(OpenNumbers.now());
      Pace.keep(
          times,
          Long.parseLong(args[1]),
          () -> {
            droppedChannel();
            droppedSelector();
            growingList(file);
            droppedStream(file);
            peerGone(server.getLocalPort());
            System.gc();
          });
      truth(before, times);
    }
    Files.delete(file);
  }

  private static void truth(Map<Integer, String> before, int times) throws InterruptedException {
    Map<String, Integer> expected =
        Map.of("socket.tcp", 2 * times, "eventpoll", times, "eventfd", times, "file", times);
    Map<String, Integer> seen = new TreeMap<>();
    for (int patience = 0; patience < 50 && !expected.equals(seen); patience++) {
      System.gc();
      Thread.sleep(100);
      seen.clear();
      OpenNumbers.now()
          .forEach(
              (number, target) -> {
                if (!target.equals(before.get(number))) {
                  seen.merge(kind(number, target), 1, Integer::sum);
                }
              });
      // The virtual machine's own: it listens for those who attach. Descry's: what it has opened
      // since.
      seen.keySet().retainAll(expected.keySet());
    }
    if (!expected.equals(seen)) {
      throw new IllegalStateException("leaked " + seen + ", not " + expected);
    }
    Dialogue.ask("leaked " + Json.of(new TreeMap<>(expected)));
  }

  private static String kind(int number, String target) {
    String kind = OpenNumbers.kind(number, target);
    return kind.equals("socket") ? "socket.tcp" : kind;
  }

  static void droppedChannel() throws Exception {
    SocketChannel.open();
  }

  static void droppedSelector() throws Exception {
    Selector.open();
  }

  static void growingList(Path file) throws Exception {
    KEPT.add(FileChannel.open(file));
  }

  /** The collector closes it: nothing stays open, and yet it is a leak. */
  static void droppedStream(Path file) throws Exception {
    new FileInputStream(file.toFile()).read();
  }

  static void peerGone(int port) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.getInputStream().read();
    KEPT.add(socket);
  }

  private static void hangUp(ServerSocket server) {
    try {
      while (true) {
        server.accept().close();
      }
    } catch (java.io.IOException e) {
      // The program ends.
      return;
    }
  }
}
