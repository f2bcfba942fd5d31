package io.descry.lab.ways;

import static io.descry.lab.ways.Way.way;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Every way in which a descriptor comes to be closed, other than a plain close(). */
final class ClosingWays {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final String TCP = "socket.tcp";

  private ClosingWays() {}

  static List<Way> ways() {
    return List.of(
        new Way(
            "tryWithResources",
            ClosingWays::tryWithResources,
            List.of("file"),
            List.of(ClosingWays.class.getName() + ".held("),
            java.util.Set.of("holder"),
            java.util.Set.of("java"),
            false),
        way(ClosingWays.class, "socketRead", ClosingWays::socketRead, TCP, TCP).withPeer(),
        way(ClosingWays.class, "serverSocketAccept", ClosingWays::serverSocketAccept, TCP),
        way(
            ClosingWays.class,
            "datagramSocketReceive",
            ClosingWays::datagramSocketReceive,
            "socket.udp"),
        way(ClosingWays.class, "socketChannelRead", ClosingWays::socketChannelRead, TCP, TCP)
            .withPeer(),
        way(
            ClosingWays.class,
            "serverSocketChannelAccept",
            ClosingWays::serverSocketChannelAccept,
            TCP),
        way(
            ClosingWays.class,
            "datagramChannelReceive",
            ClosingWays::datagramChannelReceive,
            "socket.udp"),
        way(ClosingWays.class, "unixAccept", ClosingWays::unixAccept, "socket.unix"),
        way(ClosingWays.class, "pipeRead", ClosingWays::pipeRead, "pipe", "pipe"),
        way(ClosingWays.class, "fileChannelRead", ClosingWays::fileChannelRead, "file"),
        way(ClosingWays.class, "interrupted", ClosingWays::interrupted, TCP),
        way(ClosingWays.class, "droppedInput", ClosingWays::droppedInput, "file")
            .closedByCollector(),
        way(ClosingWays.class, "droppedRandomAccess", ClosingWays::droppedRandomAccess, "file")
            .closedByCollector(),
        way(ClosingWays.class, "droppedFileChannel", ClosingWays::droppedFileChannel, "file")
            .closedByCollector(),
        way(ClosingWays.class, "droppedStream", ClosingWays::droppedStream, "file")
            .closedByCollector(),
        way(ClosingWays.class, "droppedSocket", ClosingWays::droppedSocket, TCP, TCP)
            .withPeer()
            .closedByCollector(),
        way(ClosingWays.class, "droppedServerSocket", ClosingWays::droppedServerSocket, TCP)
            .closedByCollector(),
        way(
                ClosingWays.class,
                "droppedDatagramSocket",
                ClosingWays::droppedDatagramSocket,
                "socket.udp")
            .closedByCollector(),
        way(ClosingWays.class, "droppedZipFile", ClosingWays::droppedZipFile, "file")
            .closedByCollector());
  }

  static AutoCloseable tryWithResources(Place place) throws Exception {
    CountDownLatch opened = new CountDownLatch(1);
    CountDownLatch close = new CountDownLatch(1);
    Thread holder = thread("holder", () -> held(place, opened, close));
    opened.await();
    return () -> {
      close.countDown();
      holder.join();
    };
  }

  private static void held(Place place, CountDownLatch opened, CountDownLatch close)
      throws Exception {
    try (FileInputStream in = new FileInputStream(place.file().toFile())) {
      in.read();
      opened.countDown();
      close.await();
    }
  }

  static AutoCloseable socketRead(Place place) throws Exception {
    Socket socket = new Socket(LOOPBACK, place.port());
    return closedUnder(socket, () -> socket.getInputStream().read());
  }

  static AutoCloseable serverSocketAccept(Place place) throws Exception {
    ServerSocket socket = new ServerSocket(0, 5, LOOPBACK);
    return closedUnder(socket, socket::accept);
  }

  static AutoCloseable datagramSocketReceive(Place place) throws Exception {
    DatagramSocket socket = new DatagramSocket(0, LOOPBACK);
    return closedUnder(socket, () -> socket.receive(new java.net.DatagramPacket(new byte[1], 1)));
  }

  static AutoCloseable socketChannelRead(Place place) throws Exception {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress(LOOPBACK, place.port()));
    return closedUnder(channel, () -> channel.read(ByteBuffer.allocate(1)));
  }

  static AutoCloseable serverSocketChannelAccept(Place place) throws Exception {
    ServerSocketChannel channel =
        ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
    return closedUnder(channel, channel::accept);
  }

  static AutoCloseable datagramChannelReceive(Place place) throws Exception {
    DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
    return closedUnder(channel, () -> channel.receive(ByteBuffer.allocate(1)));
  }

  static AutoCloseable unixAccept(Place place) throws Exception {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(place.absent()));
    return closedUnder(channel, channel::accept);
  }

  static AutoCloseable pipeRead(Place place) throws Exception {
    Pipe pipe = Pipe.open();
    AutoCloseable source =
        closedUnder(pipe.source(), () -> pipe.source().read(ByteBuffer.allocate(1)));
    return () -> {
      source.close();
      pipe.sink().close();
    };
  }

  /** A file's reader never waits: it is caught between two reads. */
  static AutoCloseable fileChannelRead(Place place) throws Exception {
    FileChannel channel = FileChannel.open(place.file());
    return closedUnder(
        channel,
        () -> {
          while (channel.isOpen()) {
            channel.read(ByteBuffer.allocate(1), 0);
            Thread.sleep(1);
          }
        });
  }

  static AutoCloseable interrupted(Place place) throws Exception {
    ServerSocketChannel channel =
        ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
    Thread blocked = blocked(channel::accept);
    return () -> {
      blocked.interrupt();
      blocked.join();
    };
  }

  static AutoCloseable droppedInput(Place place) throws Exception {
    return drop(new FileInputStream(place.file().toFile()));
  }

  static AutoCloseable droppedRandomAccess(Place place) throws Exception {
    return drop(new RandomAccessFile(place.file().toFile(), "r"));
  }

  static AutoCloseable droppedFileChannel(Place place) throws Exception {
    return drop(FileChannel.open(place.file()));
  }

  static AutoCloseable droppedStream(Place place) throws Exception {
    return drop(Files.newInputStream(place.file()));
  }

  static AutoCloseable droppedSocket(Place place) throws Exception {
    return drop(new Socket(LOOPBACK, place.port()));
  }

  static AutoCloseable droppedServerSocket(Place place) throws Exception {
    return drop(new ServerSocket(0, 5, LOOPBACK));
  }

  static AutoCloseable droppedDatagramSocket(Place place) throws Exception {
    return drop(new DatagramSocket(0, LOOPBACK));
  }

  static AutoCloseable droppedZipFile(Place place) throws Exception {
    return drop(new java.util.zip.ZipFile(place.archive().toFile()));
  }

  /** Lets go of the resource; whoever waits for its numbers to close runs the collector. */
  private static AutoCloseable drop(Closeable resource) {
    AtomicReference<Closeable> held = new AtomicReference<>(resource);
    return () -> held.set(null);
  }

  /**
   * Closed while another thread is inside a system call on it: the number outlives close() by a
   * little.
   */
  private static AutoCloseable closedUnder(Closeable resource, Work work) throws Exception {
    Thread blocked = blocked(work);
    return () -> {
      resource.close();
      blocked.join();
    };
  }

  /**
   * A thread that ends when what it waits for is closed, and is inside that wait, or close to it.
   */
  private static Thread blocked(Work work) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Thread thread =
        thread(
            "blocked",
            () -> {
              begun.countDown();
              try {
                work.run();
              } catch (java.io.IOException e) {
                // Closed under this thread, as intended.
                return;
              }
            });
    begun.await();
    Thread.sleep(20);
    return thread;
  }

  private static Thread thread(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            name);
    thread.start();
    return thread;
  }

  /** What a thread does, failing as it may. */
  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }
}
