package io.descry.os.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Answer;
import io.descry.os.Descriptor;
import io.descry.os.Facts;
import io.descry.os.ProcessDescriptors;
import io.descry.os.Socket;
import io.descry.os.Socket.Stage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How far sockets have come, what went through them, and how they end. */
class SocketLivesTest {
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);

  private final ProcessDescriptors adapter = ProcessDescriptors.ofThisProcess();
  private final ProcfsReader plain = new ProcfsReader("test");
  private final RawDescriptors raw = new RawDescriptors();

  @AfterEach
  void close() {
    assertThat(adapter.failures()).isEmpty();
    assertThat(plain.failures()).isEmpty();
    raw.close();
    adapter.close();
  }

  @Test
  void fromCreatedToOver() throws Exception {
    assertThat(Seen.one(adapter, raw.socket(2, 1, 0)).socket().stage()).isEqualTo(Stage.CREATED);
    try (SocketChannel bound = SocketChannel.open().bind(ANY_PORT);
        ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT);
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel accepted = server.accept()) {
      assertThat(socket(bound.getLocalAddress()).stage()).isEqualTo(Stage.BOUND);
      Descriptor near = of(adapter, client.getLocalAddress());
      assertThat(near.socket().stage()).isEqualTo(Stage.CONNECTED);
      assertThat(near.facts().peerGone()).isEqualTo(Answer.NO);
      assertThat(of(plain, client.getLocalAddress()).facts().peerGone()).isEqualTo(Answer.NO);
      accepted.shutdownOutput();
      assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThat(socket(client.getLocalAddress()).stage()).isEqualTo(Stage.PEER_FINISHED);
      assertThat(facts(client).peerGone()).isEqualTo(Answer.YES);
      assertThat(of(plain, client.getLocalAddress()).facts().peerGone()).isEqualTo(Answer.YES);
      client.shutdownOutput();
      assertThat(accepted.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      // The one that ended first keeps its number, and the kernel waits without the socket.
      assertThat(adapter.snapshot().descriptors())
          .filteredOn(d -> d.socket() != null && d.socket().stage() == Stage.OVER)
          .allSatisfy(d -> assertThat(d.facts().peerGone()).isEqualTo(Answer.YES))
          .isNotEmpty();
    }
  }

  @Test
  void oneThatShutsItsOwnReadingStillHasItsPeer() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT);
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel accepted = server.accept()) {
      client.shutdownInput();
      assertThat(accepted.isOpen()).isTrue();
      assertThat(socket(client.getLocalAddress()).stage()).isEqualTo(Stage.CONNECTED);
      assertThat(facts(client).peerGone()).isEqualTo(Answer.NO);
    }
  }

  @Test
  void listenersAreListening() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT)) {
      Descriptor seen = of(adapter, server.getLocalAddress());
      assertThat(seen.socket().stage()).isEqualTo(Stage.LISTENING);
      assertThat(seen.socket().bytesReceived()).isEqualTo(-1);
      assertThat(seen.facts().peerGone()).isEqualTo(Answer.NO);
      assertThat(of(plain, server.getLocalAddress()).socket().stage()).isEqualTo(Stage.LISTENING);
    }
  }

  @Test
  void unixSocketsHaveStagesToo() {
    int[] pair = raw.pair(1);
    assertThat(stage(pair[0])).isEqualTo(Stage.CONNECTED);
    raw.shutdown(pair[1], 1);
    assertThat(stage(pair[0])).isEqualTo(Stage.PEER_FINISHED);
    raw.close(pair[1]);
    assertThat(stage(pair[0])).isEqualTo(Stage.OVER);
    assertThat(stage(raw.socket(1, 1, 0))).isEqualTo(Stage.CREATED);
    int[] datagrams = raw.pair(2);
    raw.close(datagrams[1]);
    assertThat(stage(datagrams[0])).isEqualTo(Stage.CONNECTED);
  }

  @Test
  void aBoundUnixSocketListensOrDoesNot() throws Exception {
    var address = UnixDomainSocketAddress.of("target/s" + System.nanoTime());
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      assertThat(adapter.snapshot().descriptors())
          .filteredOn(d -> d.socket() != null && d.socket().local().equals(address.toString()))
          .extracting(d -> d.socket().stage())
          .containsExactly(Stage.LISTENING);
    } finally {
      Files.delete(address.getPath());
    }
  }

  @Test
  void datagramSocketsAreBoundOrConnected() throws Exception {
    assertThat(stage(raw.socket(2, 2, 0))).isEqualTo(Stage.CREATED);
    try (DatagramChannel receiver = DatagramChannel.open().bind(ANY_PORT);
        DatagramChannel sender = DatagramChannel.open(StandardProtocolFamily.INET)) {
      sender.connect(receiver.getLocalAddress());
      assertThat(socket(sender.getLocalAddress()).stage()).isEqualTo(Stage.CONNECTED);
      assertThat(socket(receiver.getLocalAddress()).stage()).isEqualTo(Stage.BOUND);
    }
  }

  @Test
  void bytesAreThoseOfTheApplication() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT);
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel accepted = server.accept()) {
      assertThat(bytes(client)).as("idle since birth").containsExactly(0L, 0L);
      client.write(ByteBuffer.allocate(1000));
      accepted.read(ByteBuffer.allocate(1000));
      accepted.write(ByteBuffer.allocate(10));
      client.read(ByteBuffer.allocate(10));
      assertThat(bytes(client)).containsExactly(1000L, 10L);
      accepted.shutdownOutput();
      assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThat(bytes(client)).as("its end is no data").containsExactly(1000L, 10L);
    }
  }

  @Test
  void anErrorIsSeenAndLeftForTheApplication() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT);
        SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
      assertThat(socket(client.getLocalAddress()).errorPending()).isEqualTo(Answer.NO);
      SocketChannel accepted = server.accept();
      accepted.setOption(StandardSocketOptions.SO_LINGER, 0);
      accepted.close(); // resets the connection
      for (int look = 0; look < 2; look++) {
        Socket seen = socket(client.getLocalAddress());
        assertThat(seen.errorPending()).isEqualTo(Answer.YES);
        assertThat(seen.stage()).isEqualTo(Stage.OVER);
      }
      assertThat(read(client)).contains("reset");
      Socket taken = socket(client.getLocalAddress());
      assertThat(taken.errorPending()).isEqualTo(Answer.NO);
      assertThat(taken.stage()).isEqualTo(Stage.OVER);
      assertThat(facts(client).peerGone()).isEqualTo(Answer.YES);
    }
  }

  @Test
  void aRefusedConnectIsOverWhileItsErrorWaits() throws Exception {
    InetSocketAddress refusing;
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT)) {
      refusing = (InetSocketAddress) server.getLocalAddress();
    }
    try (SocketChannel client = SocketChannel.open().bind(ANY_PORT)) {
      client.configureBlocking(false);
      assertThat(client.connect(refusing)).isFalse();
      Socket seen = socket(client.getLocalAddress());
      assertThat(seen.errorPending()).isEqualTo(Answer.YES);
      assertThat(seen.stage()).isEqualTo(Stage.OVER);
      assertThat(List.of(seen.bytesSent(), seen.bytesReceived())).containsExactly(0L, 0L);
    }
  }

  private static String read(SocketChannel channel) {
    try {
      return "read " + channel.read(ByteBuffer.allocate(1));
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  private List<Long> bytes(SocketChannel channel) throws IOException {
    Socket socket = socket(channel.getLocalAddress());
    return List.of(socket.bytesSent(), socket.bytesReceived());
  }

  private Stage stage(int number) {
    return Seen.one(adapter, number).socket().stage();
  }

  private Facts facts(SocketChannel channel) throws IOException {
    return of(adapter, channel.getLocalAddress()).facts();
  }

  private Socket socket(SocketAddress local) {
    return of(adapter, local).socket();
  }

  private static Descriptor of(ProcessDescriptors adapter, SocketAddress local) {
    String address = "127.0.0.1:" + ((InetSocketAddress) local).getPort();
    return adapter.snapshot().descriptors().stream()
        .filter(d -> d.socket() != null && d.socket().local().equals(address))
        .reduce((a, b) -> a)
        .orElseThrow(() -> new AssertionError("no socket at " + address));
  }
}
