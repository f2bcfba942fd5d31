package io.descry.lab.facts;

import com.sun.jna.NativeLibrary;
import io.descry.lab.Dialogue;
import io.descry.lab.Libc;
import io.descry.lab.Libuv;
import io.descry.lab.OpenNumbers;
import io.descry.lab.Pace;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Native code that leaks in as many ways as there are facts by which that is told, and closes what
 * is Java's; beside it channels and connections that look nearly like those that their loop has
 * forgotten.
 */
public final class NativeFacts {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int VICTIMS = 5;
  private static final List<Object> KEPT = new ArrayList<>();

  private NativeFacts() {}

  /**
   * The program. Says {@code ready}, leaks from the next line on, says {@code leaked}, and then
   * does nothing more until the next line.
   *
   * @param args a directory for its files, how many times it leaks, and the milliseconds between
   */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createDirectories(Path.of(args[0]));
    Path file = Files.writeString(directory.resolve("file"), "line\n");
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Libuv.Connections connections = new Libuv.Connections(server.getLocalPort());
    registered(group);
    loop(file);
    Dialogue.ask("ready");
    Path victim = Files.writeString(directory.resolve("victim"), "line\n");
    takenOver(victim);
    Pace.keep(
        Integer.parseInt(args[1]),
        Long.parseLong(args[2]),
        () -> {
          loop(file);
          failing(directory);
          unregistered();
          registered(group);
          forgotten(connections);
          KEPT.add(server.accept());
          readFrom(connections);
          KEPT.add(server.accept());
        });
    // At the end, so that nobody here gets these numbers again.
    takenAway(victim);
    Dialogue.ask("leaked");
  }

  static void loop(Path file) {
    KEPT.add(new Libuv.Loop(file.toString()));
  }

  static void failing(Path directory) {
    try {
      KEPT.add(new Libuv.Loop(directory.resolve("missing").toString()));
    } catch (IllegalStateException e) {
      // ENOENT, as is to be: the loop it had made by then leaks.
      return;
    }
    throw new IllegalStateException("opened what is missing");
  }

  /** A channel that no loop ever hears of. */
  static void unregistered() {
    KEPT.add(new EpollDatagramChannel());
  }

  static void registered(MultiThreadIoEventLoopGroup group) throws InterruptedException {
    new Bootstrap()
        .group(group)
        .channel(EpollDatagramChannel.class)
        .handler(new ChannelInboundHandlerAdapter())
        .bind(InetAddress.getLoopbackAddress(), 0)
        .sync();
  }

  /** A connection that nobody reads from. */
  static void forgotten(Libuv.Connections connections) {
    connections.connect();
  }

  static void readFrom(Libuv.Connections connections) {
    connections.read(connections.connect());
  }

  /** Several, for the JVM may open something later and get the lowest number. */
  static void takenAway(Path file) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < VICTIMS; i++) {
      numbers.add(victim(file));
    }
    for (int number : numbers) {
      if (Libc.close(number) != 0) {
        throw new IllegalStateException("not closed");
      }
    }
  }

  /** Another end of it closes the number, and a socket gets it. */
  static void takenOver(Path file) throws IOException {
    int number = victim(file);
    int socket =
        NativeLibrary.getProcess()
            .getFunction("socket")
            .invokeInt(new Object[] {AF_UNIX, SOCK_STREAM, 0});
    int moved =
        NativeLibrary.getProcess().getFunction("dup2").invokeInt(new Object[] {socket, number});
    if (moved != number) {
      throw new IllegalStateException("not moved");
    }
  }

  private static int victim(Path file) throws IOException {
    SortedMap<Integer, String> before = OpenNumbers.now();
    KEPT.add(new FileInputStream(file.toFile()));
    SortedMap<Integer, String> opened = OpenNumbers.since(before);
    opened.values().removeIf(target -> !target.equals(file.toString()));
    return opened.firstKey();
  }
}
