package io.descry.lab.corpus;

import io.descry.lab.corpus.Peers.Manner;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.Map;

/** Sockets, pipes and selectors that Java code opens and does not close. */
final class SocketLeaks {
  private SocketLeaks() {}

  /** Channels that were made and dropped: they have no Cleaner. */
  static final class DroppedChannels extends LeakEachStep.Dropped {
    DroppedChannels() {
      super(Map.of("socket.tcp", 1));
    }

    @Override
    void leak(Stage stage) throws IOException {
      SocketChannel.open();
    }
  }

  /** Selectors that were made and dropped. */
  static final class DroppedSelectors extends LeakEachStep.Dropped {
    DroppedSelectors() {
      super(Map.of("eventpoll", 1, "eventfd", 1));
    }

    @Override
    void leak(Stage stage) throws IOException {
      Selector.open();
    }
  }

  /** Connections that stay after their work is done. */
  static final class KeptConnections extends LeakEachStep.Busy {
    KeptConnections() {
      super("socket.tcp");
    }

    @Override
    void leak(Stage stage) throws IOException {
      InetSocketAddress peer = stage.peer(Manner.HOLDS);
      stage.keep(new Socket(peer.getAddress(), peer.getPort()));
    }
  }

  /** The peer closes first, and nobody here does. */
  static final class PeerCloses extends LeakEachStep {
    PeerCloses() {
      super("socket.tcp");
    }

    @Override
    void leak(Stage stage) throws IOException {
      InetSocketAddress peer = stage.peer(Manner.CLOSES);
      Socket socket = stage.keep(new Socket(peer.getAddress(), peer.getPort()));
      if (socket.getInputStream().read() >= 0) {
        throw new IllegalStateException("the peer has not closed");
      }
    }
  }

  /**
   * Five transfers that go well, and one whose connection is refused: the JDK closes the socket
   * itself then, nobody closes the file that was to be sent.
   */
  static final class Refused implements Program {
    @Override
    public Truth truth() {
      return Truth.of(Cause.java("SocketLeaks$Refused.transfer", "file"));
    }

    @Override
    public long pauseMillis() {
      return BUSY;
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      for (int n = 0; n < 5; n++) {
        transfer(stage, Manner.CLOSES);
      }
      try {
        transfer(stage, Manner.REFUSES);
      } catch (ConnectException e) {
        stage.leaked();
        return;
      }
      throw new IllegalStateException("not refused");
    }

    private static void transfer(Stage stage, Manner manner) throws IOException {
      FileChannel file = stage.keep(FileChannel.open(stage.file("sent")));
      SocketChannel.open(stage.peer(manner)).close();
      file.close();
    }
  }

  /** Connections that the peer resets stay in the table of sessions. */
  static final class Reset implements Program {
    @Override
    public Truth truth() {
      return Truth.of(Cause.java("SocketLeaks$Reset.session", "socket.tcp"));
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      session(stage.peer(Manner.CLOSES), stage).close();
      Socket socket = stage.keep(session(stage.peer(Manner.RESETS), stage));
      try {
        if (socket.getInputStream().read() >= 0) {
          throw new IllegalStateException("the peer has sent something");
        }
      } catch (IOException e) {
        // The reset: what should close the session forgets to.
        stage.leaked();
        return;
      }
      throw new IllegalStateException("not reset");
    }

    private static Socket session(InetSocketAddress peer, Stage stage) throws IOException {
      return new Socket(peer.getAddress(), peer.getPort());
    }
  }

  /** A listening socket for each transfer. */
  static final class Listeners extends LeakEachStep.Busy {
    Listeners() {
      super("socket.tcp");
    }

    @Override
    void leak(Stage stage) throws IOException {
      stage.keep(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
  }

  /** A datagram socket for each query. */
  static final class Datagrams extends LeakEachStep.Busy {
    Datagrams() {
      super("socket.udp");
    }

    @Override
    void leak(Stage stage) throws IOException {
      DatagramChannel channel = stage.keep(DatagramChannel.open());
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
  }

  /** Both ends of connections over a Unix socket. */
  static final class UnixSockets implements Program {
    private ServerSocketChannel server;
    private UnixDomainSocketAddress address;

    @Override
    public Truth truth() {
      return Truth.of(
          Cause.java("SocketLeaks$UnixSockets.connect", "socket.unix"),
          Cause.java("SocketLeaks$UnixSockets.accept", "socket.unix").that(Cause.Fate.CONSEQUENCE));
    }

    @Override
    public void prepare(Stage stage) throws IOException {
      // A path of at most 107 bytes, says unix(7).
      address = UnixDomainSocketAddress.of(Files.createTempDirectory("lab").resolve("socket"));
      server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
    }

    @Override
    public long pauseMillis() {
      return BUSY;
    }

    @Override
    public void step(Stage stage, int i) throws IOException {
      connect(stage);
      accept(stage);
      stage.leaked();
    }

    private void connect(Stage stage) throws IOException {
      stage.keep(SocketChannel.open(address));
    }

    private void accept(Stage stage) throws IOException {
      stage.keep(server.accept());
    }

    @Override
    public void finish() throws IOException {
      Files.delete(address.getPath());
      Files.delete(address.getPath().getParent());
    }
  }

  /** Pipes of the JDK that were made and dropped. */
  static final class DroppedPipes extends LeakEachStep.Dropped {
    DroppedPipes() {
      super(Map.of("pipe", 2));
    }

    @Override
    void leak(Stage stage) throws IOException {
      Pipe.open();
    }
  }
}
