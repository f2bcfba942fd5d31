package io.descry.bench;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Descriptors that are held until they are closed together. Not for use by several threads. */
final class Held implements AutoCloseable {
  // More than one, as a loopback address has 28,000 ports to connect from.
  private static final int CONNECTIONS_A_SERVER = 10_000;

  private final List<Closeable> owners = new ArrayList<>();
  private int open;
  private int connections;
  private ServerSocketChannel server;

  /** Holds so many in all, the missing ones files. */
  void files(int total) throws IOException {
    for (; open < total; open++) {
      owners.add(new FileInputStream(Opening.FILE));
    }
  }

  /**
   * Holds about so many in all, the missing ones mixed: of twenty eight are files, eight connected
   * sockets, two pipes' and two a selector's.
   */
  void mixed(int total) throws IOException {
    while (open < total) {
      files(open + 8);
      for (int connection = 0; connection < 4; connection++) {
        connection();
      }
      Pipe pipe = Pipe.open();
      keep(4, pipe.source(), pipe.sink(), Selector.open());
    }
  }

  private void connection() throws IOException {
    if (connections++ % CONNECTIONS_A_SERVER == 0) {
      server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      keep(1, server);
    }
    keep(2, SocketChannel.open(server.getLocalAddress()), server.accept());
  }

  private void keep(int numbers, Closeable... opened) {
    owners.addAll(List.of(opened));
    open += numbers;
  }

  @Override
  public void close() throws IOException {
    for (Closeable owner : owners) {
      owner.close();
    }
    owners.clear();
    open = 0;
    connections = 0;
  }
}
