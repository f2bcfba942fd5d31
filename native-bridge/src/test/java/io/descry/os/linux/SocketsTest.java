package io.descry.os.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Answer;
import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.ProcessDescriptors;
import io.descry.os.Socket;
import io.descry.os.Socket.Stage;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketsTest {
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);

  private final ProcessDescriptors adapter = ProcessDescriptors.ofThisProcess();

  @AfterEach
  void close() {
    assertThat(adapter.failures()).isEmpty();
    adapter.close();
  }

  @Test
  void aListener() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT)) {
      Descriptor seen = local(address(server.getLocalAddress()));
      assertThat(seen.kind()).isEqualTo(Kind.SOCKET_TCP);
      assertThat(seen.target()).isEqualTo("socket:[" + seen.inode() + "]");
      assertThat(seen.socket().state()).isEqualTo("LISTEN");
      assertThat(seen.socket().remote()).isEmpty();
      assertThat(seen.socket().idleMillis()).isEqualTo(-1);
    }
  }

  @Test
  void bothEndsOfAConnectionAndWhatWaitsInIt() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT);
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel accepted = server.accept()) {
      client.write(ByteBuffer.wrap("12345".getBytes(US_ASCII)));
      String clientAddress = address(client.getLocalAddress());
      Socket near = local(clientAddress).socket();
      assertThat(near.state()).isEqualTo("ESTABLISHED");
      assertThat(near.remote()).isEqualTo(address(server.getLocalAddress()));
      assertThat(near.sendQueue()).isNotNegative();
      assertThat(near.idleMillis()).isNotNegative();
      Socket far = remote(clientAddress).socket();
      assertThat(far.receiveQueue()).isEqualTo(5);
      ByteBuffer read = ByteBuffer.allocate(10);
      assertThat(accepted.read(read)).as("nothing was taken from the application").isEqualTo(5);
      assertThat(remote(clientAddress).socket().receiveQueue()).isZero();
    }
  }

  @Test
  void aPeerThatHasGone() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT);
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel accepted = server.accept()) {
      String clientAddress = address(client.getLocalAddress());
      client.shutdownOutput();
      assertThat(accepted.read(ByteBuffer.allocate(1))).as("end of stream").isEqualTo(-1);
      assertThat(remote(clientAddress).socket().state()).isEqualTo("CLOSE_WAIT");
      assertThat(local(clientAddress).socket().state()).startsWith("FIN_WAIT");
      accepted.shutdownOutput();
      assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  void anUnboundSocketIsOfItsProtocolAllTheSame() {
    try (RawDescriptors raw = new RawDescriptors()) {
      Descriptor tcp = Seen.one(adapter, raw.socket(2, 1, 0));
      assertThat(tcp.kind()).isEqualTo(Kind.SOCKET_TCP);
      assertThat(tcp.socket())
          .isEqualTo(new Socket("tcp", "", "", "CLOSE", 0, 0, -1, Stage.CREATED, 0, 0, Answer.NO));
      assertThat(Seen.one(adapter, raw.socket(2, 2, 0)).kind()).isEqualTo(Kind.SOCKET_UDP);
      assertThat(Seen.one(adapter, raw.socket(1, 1, 0)).socket().protocol()).isEqualTo("unix");
      Descriptor netlink = Seen.one(adapter, raw.socket(16, 3, 0));
      assertThat(netlink.kind()).isEqualTo(Kind.OTHER);
      assertThat(netlink.socket()).isNull();
    }
  }

  @Test
  void aDatagramThatNobodyReads() throws Exception {
    try (DatagramChannel receiver =
            DatagramChannel.open(StandardProtocolFamily.INET).bind(ANY_PORT);
        DatagramChannel sender = DatagramChannel.open(StandardProtocolFamily.INET)) {
      String address = address(receiver.getLocalAddress());
      assertThat(local(address).socket().receiveQueue()).isZero();
      sender.connect(receiver.getLocalAddress());
      sender.write(ByteBuffer.wrap(new byte[100]));
      Descriptor seen = local(address);
      assertThat(seen.kind()).isEqualTo(Kind.SOCKET_UDP);
      assertThat(seen.socket().receiveQueue()).isGreaterThanOrEqualTo(100);
      assertThat(seen.socket().state()).isEmpty();
      assertThat(remote(address).socket().protocol()).isEqualTo("udp");
    }
  }

  @Test
  void unixSockets(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("socket");
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
    try (ServerSocketChannel server =
            ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        SocketChannel client = SocketChannel.open(address);
        SocketChannel accepted = server.accept()) {
      client.write(ByteBuffer.wrap(new byte[7]));
      assertThat(accepted.isOpen()).isTrue();
      assertThat(remote(path.toString()).kind()).isEqualTo(Kind.SOCKET_UNIX);
      assertThat(adapter.snapshot().descriptors())
          .filteredOn(d -> d.socket() != null && d.socket().local().equals(path.toString()))
          .extracting(d -> d.socket().receiveQueue())
          .containsExactlyInAnyOrder(-1L, 7L);
    }
  }

  private Descriptor local(String address) {
    return find(socket -> socket.local().equals(address));
  }

  private Descriptor remote(String address) {
    return find(socket -> socket.remote().equals(address));
  }

  private Descriptor find(Predicate<Socket> wanted) {
    return adapter.snapshot().descriptors().stream()
        .filter(d -> d.socket() != null && wanted.test(d.socket()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no such socket"));
  }

  private static String address(Object socketAddress) {
    return "127.0.0.1:" + ((InetSocketAddress) socketAddress).getPort();
  }
}
