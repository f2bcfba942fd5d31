package io.descry.lab.ways;

import static io.descry.lab.ways.Way.way;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Selectable and asynchronous channels, and what they need. */
final class ChannelWays {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final String TCP = "socket.tcp";

  private ChannelWays() {}

  static List<Way> ways() {
    return List.of(
        way(ChannelWays.class, "socketChannel", ChannelWays::socketChannel, TCP, TCP).withPeer(),
        way(
            ChannelWays.class,
            "socketChannelUnconnected",
            ChannelWays::socketChannelUnconnected,
            TCP),
        way(ChannelWays.class, "socketChannelInet4", ChannelWays::socketChannelInet4, TCP),
        way(
                ChannelWays.class,
                "socketChannelRegistered",
                ChannelWays::socketChannelRegistered,
                TCP,
                TCP,
                "eventpoll",
                "eventfd")
            .withPeer(),
        way(
                ChannelWays.class,
                "socketChannelClosedWhileRegistered",
                ChannelWays::socketChannelClosedWhileRegistered,
                TCP,
                TCP,
                "eventpoll",
                "eventfd")
            .withPeer(),
        way(ChannelWays.class, "socketAdaptor", ChannelWays::socketAdaptor, TCP, TCP).withPeer(),
        way(ChannelWays.class, "serverSocketChannel", ChannelWays::serverSocketChannel, TCP),
        way(ChannelWays.class, "acceptedChannel", ChannelWays::acceptedChannel, TCP, TCP, TCP),
        way(ChannelWays.class, "datagramChannel", ChannelWays::datagramChannel, "socket.udp"),
        way(
            ChannelWays.class,
            "datagramChannelInet4",
            ChannelWays::datagramChannelInet4,
            "socket.udp"),
        way(
            ChannelWays.class,
            "unixChannels",
            ChannelWays::unixChannels,
            "socket.unix",
            "socket.unix",
            "socket.unix"),
        way(ChannelWays.class, "pipe", ChannelWays::pipe, "pipe", "pipe"),
        way(ChannelWays.class, "selector", ChannelWays::selector, "eventpoll", "eventfd"),
        group("asynchronousGroup", ChannelWays::asynchronousGroup),
        group("asynchronousChannels", ChannelWays::asynchronousChannels, TCP, TCP, TCP)
            .alsoOn("Thread-", "sun.nio.ch.UnixAsynchronousServerSocketChannelImpl."));
  }

  /** A group is an epoll set with the pipe that wakes it. */
  private static Way group(String name, Way.Opening opening, String... more) {
    String[] kinds =
        Stream.concat(Stream.of("eventpoll", "pipe", "pipe"), Stream.of(more))
            .toArray(String[]::new);
    return way(ChannelWays.class, name, opening, kinds);
  }

  static AutoCloseable socketChannel(Place place) throws Exception {
    return SocketChannel.open(peer(place));
  }

  static AutoCloseable socketChannelUnconnected(Place place) throws Exception {
    return SocketChannel.open();
  }

  static AutoCloseable socketChannelInet4(Place place) throws Exception {
    return SocketChannel.open(StandardProtocolFamily.INET);
  }

  static AutoCloseable socketChannelRegistered(Place place) throws Exception {
    Selector selector = Selector.open();
    SocketChannel channel = SocketChannel.open(peer(place));
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ);
    selector.selectNow();
    return () -> {
      channel.close();
      selector.selectNow();
      selector.close();
    };
  }

  /** Closed, yet open to the kernel until the selector lets go of the key. */
  static AutoCloseable socketChannelClosedWhileRegistered(Place place) throws Exception {
    Selector selector = Selector.open();
    SocketChannel channel = SocketChannel.open(peer(place));
    channel.configureBlocking(false);
    channel.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
    channel.register(selector, SelectionKey.OP_READ);
    selector.selectNow();
    channel.close();
    return () -> {
      selector.selectNow();
      selector.close();
    };
  }

  static AutoCloseable socketAdaptor(Place place) throws Exception {
    return SocketChannel.open(peer(place)).socket();
  }

  static AutoCloseable serverSocketChannel(Place place) throws Exception {
    return ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
  }

  static AutoCloseable acceptedChannel(Place place) throws Exception {
    ServerSocketChannel server =
        ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
    SocketChannel client = SocketChannel.open(server.getLocalAddress());
    return all(client, server.accept(), server);
  }

  static AutoCloseable datagramChannel(Place place) throws Exception {
    return DatagramChannel.open().bind(null);
  }

  static AutoCloseable datagramChannelInet4(Place place) throws Exception {
    return DatagramChannel.open(StandardProtocolFamily.INET).connect(peer(place));
  }

  static AutoCloseable unixChannels(Place place) throws Exception {
    SocketAddress address = UnixDomainSocketAddress.of(place.absent());
    ServerSocketChannel server =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
    SocketChannel client = SocketChannel.open(address);
    return all(client, server.accept(), server);
  }

  static AutoCloseable pipe(Place place) throws Exception {
    Pipe pipe = Pipe.open();
    return all(pipe.source(), pipe.sink());
  }

  static AutoCloseable selector(Place place) throws Exception {
    return Selector.open();
  }

  static AutoCloseable asynchronousGroup(Place place) throws Exception {
    AsynchronousChannelGroup group = threads();
    return group::shutdownNow;
  }

  static AutoCloseable asynchronousChannels(Place place) throws Exception {
    AsynchronousChannelGroup group = threads();
    AsynchronousServerSocketChannel server =
        AsynchronousServerSocketChannel.open(group).bind(new InetSocketAddress(LOOPBACK, 0));
    Future<AsynchronousSocketChannel> accepting = server.accept();
    AsynchronousSocketChannel client = AsynchronousSocketChannel.open(group);
    client.connect(server.getLocalAddress()).get();
    AutoCloseable channels = all(client, accepting.get(), server);
    return () -> {
      channels.close();
      group.shutdownNow();
    };
  }

  private static AsynchronousChannelGroup threads() throws Exception {
    return AsynchronousChannelGroup.withFixedThreadPool(
        1,
        work -> {
          Thread thread = new Thread(work);
          thread.setDaemon(true);
          return thread;
        });
  }

  private static SocketAddress peer(Place place) {
    return new InetSocketAddress(LOOPBACK, place.port());
  }

  private static AutoCloseable all(Channel... channels) {
    return () -> {
      for (Channel channel : channels) {
        channel.close();
      }
    };
  }
}
