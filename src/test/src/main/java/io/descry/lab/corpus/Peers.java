package io.descry.lab.corpus;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whom the programs connect to, in a process of their own. Loopback only. */
final class Peers implements Closeable {
  private static final int BACKLOG = 200;

  /** How a peer treats those who connect. */
  enum Manner {
    /** Accepts and keeps the connection, silent. */
    HOLDS,
    /** Accepts and closes at once. */
    CLOSES,
    /** Accepts and resets at once. */
    RESETS,
    /** Nobody listens there. */
    REFUSES,
    /** Accepts, and answers each byte with itself. */
    ECHOES
  }

  private final Map<Manner, Integer> ports = new EnumMap<>(Manner.class);
  private final List<Closeable> open = Collections.synchronizedList(new ArrayList<>());

  Peers() throws IOException {
    for (Manner manner : Manner.values()) {
      if (manner == Manner.REFUSES) {
        // Bound, so that nobody else gets the port, but it never listens.
        Socket bound = new Socket();
        open.add(bound);
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ports.put(manner, bound.getLocalPort());
      } else {
        ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        open.add(server);
        ports.put(manner, server.getLocalPort());
        start(() -> accept(server, manner), "peer-" + manner);
      }
    }
  }

  private static void start(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(ServerSocket server, Manner manner) {
    try {
      while (true) {
        Socket accepted = server.accept();
        switch (manner) {
          case HOLDS -> open.add(accepted);
          case CLOSES -> accepted.close();
          case ECHOES -> start(() -> echo(accepted), "peer-echo");
          default -> {
            // socket(7): with a linger time of zero, close sends RST instead of FIN.
            accepted.setSoLinger(true, 0);
            accepted.close();
          }
        }
      }
    } catch (IOException e) {
      // Closed: nobody will connect any more.
      return;
    }
  }

  private void echo(Socket accepted) {
    open.add(accepted);
    try (accepted) {
      accepted.getInputStream().transferTo(accepted.getOutputStream());
    } catch (IOException e) {
      // Reset, or closed from here: there is nobody to answer any more.
      return;
    }
  }

  /** The ports, for the command line of a program. */
  String argument() {
    return ports.values().stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** The ports, from the command line of a program. */
  static Map<Manner, Integer> ports(String argument) {
    List<Integer> numbers = Arrays.stream(argument.split(",")).map(Integer::valueOf).toList();
    Map<Manner, Integer> ports = new EnumMap<>(Manner.class);
    for (Manner manner : Manner.values()) {
      ports.put(manner, numbers.get(manner.ordinal()));
    }
    return ports;
  }

  @Override
  public void close() throws IOException {
    for (Closeable one : List.copyOf(open)) {
      one.close();
    }
  }
}
