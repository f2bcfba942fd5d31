package io.descry.lab.facts;

import io.descry.lab.Dialogue;
import io.descry.lab.Pace;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Java code that leaks in as many ways as there are facts by which a leak of Java's is told, each
 * from a method of its own; beside it what looks nearly like that.
 */
public final class JavaFacts {
  private static final List<Object> KEPT = new ArrayList<>();
  private static final Deque<FileInputStream> SOON_CLOSED = new ArrayDeque<>();

  private static int served;

  private JavaFacts() {}

  /**
   * The program. Says {@code ready}, leaks from the next line on, says {@code leaked}, and then
   * does nothing more until the next line.
   *
   * @param args a directory for its files, how many times it leaks, and the milliseconds between
   */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createDirectories(Path.of(args[0]));
    Path file = Files.writeString(directory.resolve("file"), "line\n");
    // A path of at most 107 bytes, says unix(7).
    Path local = Files.createTempDirectory("lab").resolve("s");
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket closing = new ServerSocket(0, 50, loopback);
        ServerSocket holding = new ServerSocket(0, 50, loopback);
        ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        ServerSocketChannel watched = ServerSocketChannel.open()) {
      unix.bind(UnixDomainSocketAddress.of(local));
      watched.bind(new InetSocketAddress(loopback, 0)).configureBlocking(false);
      serve("closing", () -> closing.accept().close());
      serve("holding", () -> KEPT.add(holding.accept()));
      serve("unix", () -> unix.accept().close());
      Dialogue.ask("ready");
      Pace.keep(
          Integer.parseInt(args[1]),
          Long.parseLong(args[2]),
          () -> {
            dropped();
            collected(file);
            kept(file);
            deleted(directory);
            halfMade();
            peerGone(closing.getLocalPort());
            peerOfPipeGone();
            peerOfUnixSocketGone(local);
            neverUsed(holding.getLocalPort());
            used(holding.getLocalPort());
            forgottenNowAndThen(file);
            abandonedSelector(watched);
            servedSelector(watched);
            emptySelector();
            closeSoon();
            System.gc();
          });
      Dialogue.ask("leaked");
    }
  }

  static void dropped() throws IOException {
    SocketChannel.open();
  }

  static void collected(Path file) throws IOException {
    new FileInputStream(file.toFile()).read();
  }

  static void kept(Path file) throws IOException {
    KEPT.add(FileChannel.open(file));
  }

  static void deleted(Path directory) throws IOException {
    Path passing = Files.createTempFile(directory, "passing", null);
    KEPT.add(FileChannel.open(passing));
    Files.delete(passing);
  }

  static void halfMade() throws IOException {
    KEPT.add(SocketChannel.open());
  }

  static void peerGone(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.getInputStream().read();
    KEPT.add(socket);
  }

  static void peerOfPipeGone() throws IOException {
    Pipe pipe = Pipe.open();
    pipe.sink().close();
    KEPT.add(pipe.source());
  }

  static void peerOfUnixSocketGone(Path address) throws IOException {
    KEPT.add(SocketChannel.open(UnixDomainSocketAddress.of(address)));
  }

  static void neverUsed(int port) throws IOException {
    KEPT.add(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** As forgotten as the others, but for one byte. */
  static void used(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.getOutputStream().write(1);
    KEPT.add(socket);
  }

  /** Two in three are closed soon. */
  static void forgottenNowAndThen(Path file) throws IOException {
    for (int i = 0; i < 3; i++) {
      FileInputStream in = new FileInputStream(file.toFile());
      if (i == 0) {
        KEPT.add(in);
      } else {
        SOON_CLOSED.add(in);
      }
    }
  }

  /** At the end of a step: how long they lived is known until their numbers are taken again. */
  private static void closeSoon() throws IOException {
    while (!SOON_CLOSED.isEmpty()) {
      SOON_CLOSED.remove().close();
    }
  }

  /** Its thread waits for more than two scans, and ends without closing it. */
  static void abandonedSelector(ServerSocketChannel watched) throws IOException {
    Selector selector = Selector.open();
    KEPT.add(selector);
    watched.register(selector, SelectionKey.OP_ACCEPT);
    Thread thread =
        new Thread(
            () -> {
              try {
                selector.select(1_600);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            "abandoning");
    thread.setDaemon(true);
    thread.start();
  }

  /** One in three times, for each takes a thread. */
  static void servedSelector(ServerSocketChannel watched) throws IOException {
    if (served++ % 3 == 0) {
      Selector selector = Selector.open();
      watched.register(selector, SelectionKey.OP_ACCEPT);
      serve("serving", selector::select);
    }
  }

  static void emptySelector() throws IOException {
    KEPT.add(Selector.open());
  }

  private static void serve(String name, Pace.Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  step.run();
                }
              } catch (IOException e) {
                // Closed: the program ends.
                return;
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }
}
