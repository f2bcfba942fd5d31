package io.descry.os.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.Answer;
import io.descry.os.Descriptor;
import io.descry.os.Facts;
import io.descry.os.Kind;
import io.descry.os.ProcessDescriptors;
import io.descry.os.Socket;
import io.descry.os.Socket.Stage;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AdaptersAgreeTest {
  @Test
  void onOneProcess() throws Exception {
    InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
    try (ProcessDescriptors calls = ProcessDescriptors.ofThisProcess();
        ProcfsReader plain = new ProcfsReader("test");
        RawDescriptors raw = new RawDescriptors();
        Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open().bind(any);
        ServerSocketChannel six = ServerSocketChannel.open().bind(new InetSocketAddress("::1", 0));
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel client6 = SocketChannel.open(six.getLocalAddress());
        DatagramChannel udp = DatagramChannel.open().bind(any)) {
      assertThat(selector.isOpen() && client.isOpen() && client6.isOpen() && udp.isOpen()).isTrue();
      raw.epoll(raw.eventfd(), raw.timerfd());
      raw.memfd("x");
      raw.arm(raw.timerfd(), 1000, 0);
      raw.eventfd(7);
      raw.pair(1);
      raw.pipe();
      // What only one of the two holds is each other's.
      for (Descriptor d : plain.snapshot().descriptors()) {
        if (d.target().endsWith("/fd") || d.target().contains("libjnidispatch")) {
          plain.own(d.number());
        }
      }
      Map<Integer, Descriptor> a = common(Seen.by(calls));
      Map<Integer, Descriptor> b = common(Seen.by(plain));
      assertThat(b).isEqualTo(a);
      assertThat(b.values())
          .extracting(Descriptor::kind)
          .contains(Kind.SOCKET_TCP, Kind.SOCKET_UDP, Kind.EVENTPOLL, Kind.MEMFD, Kind.FILE);
      assertThat(plain.count()).isEqualTo(calls.count());
      assertThat(plain.limits()).isEqualTo(calls.limits());
      assertThat(plain.failures()).isEmpty();
      assertThat(plain.blind()).isNotEmpty().allMatch(blind -> blind.why().equals("test"));
    }
  }

  private static final Set<Stage> HAD_PEER =
      Set.of(Stage.CONNECTED, Stage.PEER_FINISHED, Stage.OVER);

  /** What both can know: blind() of the plain one lists the rest. */
  private static Map<Integer, Descriptor> common(Map<Integer, Descriptor> seen) {
    Map<Integer, Descriptor> common = new TreeMap<>();
    for (Descriptor d : seen.values()) {
      Socket s = d.socket();
      Socket known =
          s == null
              ? null
              : new Socket(
                  s.protocol(),
                  s.local(),
                  d.kind() == Kind.SOCKET_UNIX ? "" : s.remote(),
                  s.state(),
                  d.kind() == Kind.SOCKET_UNIX ? -1 : s.receiveQueue(),
                  d.kind() == Kind.SOCKET_UNIX ? -1 : s.sendQueue(),
                  -1,
                  d.kind() == Kind.SOCKET_UNIX && HAD_PEER.contains(s.stage())
                      ? Stage.UNKNOWN
                      : s.stage(),
                  -1,
                  -1,
                  Answer.UNKNOWN);
      Facts f = d.facts();
      boolean byPoll = d.kind() == Kind.PIPE || d.kind() == Kind.SOCKET_UNIX;
      Facts facts =
          new Facts(
              Answer.UNKNOWN,
              f.deleted(),
              byPoll ? Answer.UNKNOWN : f.peerGone(),
              f.eventCount(),
              f.armed());
      common.put(
          d.number(),
          new Descriptor(
              d.number(),
              d.kind(),
              d.target(),
              d.device(),
              d.inode(),
              -1,
              -1,
              known,
              d.watched(),
              facts));
    }
    return common;
  }
}
