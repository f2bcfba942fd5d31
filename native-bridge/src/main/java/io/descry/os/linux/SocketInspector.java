package io.descry.os.linux;

import io.descry.os.Addresses;
import io.descry.os.Answer;
import io.descry.os.Failures;
import io.descry.os.Socket;
import io.descry.os.Socket.Stage;

/**
 * Asks a socket about itself, through its own number. That needs no permission, works in any
 * network namespace and for sockets that are not bound, and asks about no socket of others.
 *
 * <p>Nothing here changes the socket: SO_ERROR, which would take the pending error from the
 * application, is not asked for. For one thread at a time.
 */
final class SocketInspector {
  // Equal on x86-64 and aarch64: include/uapi/asm-generic/{socket,ioctls}.h, linux/in.h,
  // linux/tcp.h
  private static final int SOL_SOCKET = 1;
  private static final int SO_TYPE = 3;
  private static final int SO_ACCEPTCONN = 30;
  private static final int SO_PROTOCOL = 38;
  private static final int SO_MEMINFO = 55;
  private static final int TCP_INFO = 11;
  private static final int IPPROTO_TCP = 6;
  private static final int IPPROTO_UDP = 17;
  private static final int IPPROTO_UDPLITE = 136;
  private static final int IPPROTO_MPTCP = 262;
  private static final int SIOCINQ = 0x541B;
  private static final int SIOCOUTQ = 0x5411;
  private static final int SOCK_DGRAM = 2;
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private static final int ADDRESS = 0;
  private static final int ADDRESS_SIZE = 128;
  private static final int LENGTH = 128;
  private static final int VALUE = 136;
  private static final int VALUE_SIZE = TcpInfo.BYTES;

  private final NativeMemory memory = new NativeMemory(VALUE + VALUE_SIZE);
  private final Recent<String> addresses = new Recent<>();
  private final Poll poll;
  private final Failures failures;

  /** {@link io.descry.os.Facts#peerGone} of the socket that was inspected last. */
  Answer peerGone = Answer.UNKNOWN;

  SocketInspector(Poll poll, Failures failures) {
    this.poll = poll;
    this.failures = failures;
  }

  /** What the socket says; {@code null} when it is of another protocol or gone. */
  Socket inspect(int fd) {
    peerGone = Answer.UNKNOWN;
    memory.put32(LENGTH, ADDRESS_SIZE);
    if (Libc.getsockname(fd, memory.address(ADDRESS), memory.address(LENGTH)) != 0) {
      return refused("getsockname");
    }
    int family = memory.u16(ADDRESS);
    String local = address();
    return switch (family) {
      case AF_UNIX -> unix(fd, local);
      case AF_INET, AF_INET6 -> inet(fd, family, local);
      default -> null;
    };
  }

  private Socket unix(int fd, String local) {
    String remote = peer(fd);
    Answer error = error(fd);
    Stage stage;
    if (remote != null) {
      boolean datagrams =
          option(fd, SOL_SOCKET, SO_TYPE, "SO_TYPE") >= 4 && memory.i32(VALUE) == SOCK_DGRAM;
      stage = datagrams ? Stage.CONNECTED : error == Answer.UNKNOWN ? Stage.UNKNOWN : connected();
      peerGone = datagrams ? Answer.UNKNOWN : Sockets.peerGone(stage);
    } else {
      boolean listens =
          option(fd, SOL_SOCKET, SO_ACCEPTCONN, "SO_ACCEPTCONN") >= 4 && memory.i32(VALUE) != 0;
      stage = listens ? Stage.LISTENING : local.isEmpty() ? Stage.CREATED : Stage.BOUND;
      peerGone = Answer.NO;
    }
    // TCP_LISTEN and the like are not told: the word has no state for this protocol.
    return new Socket(
        "unix",
        local,
        text(remote),
        "",
        queue(fd, SIOCINQ),
        queue(fd, SIOCOUTQ),
        -1,
        stage,
        -1,
        -1,
        error);
  }

  /** A unix socket that has, or had, a peer (unix_poll of net/unix/af_unix.c). */
  private Stage connected() {
    if (poll.hungUp()) {
      return Stage.OVER;
    }
    return poll.receivesNoMore() ? Stage.PEER_FINISHED : Stage.CONNECTED;
  }

  private Socket inet(int fd, int family, String local) {
    if (option(fd, SOL_SOCKET, SO_PROTOCOL, "SO_PROTOCOL") < 4) {
      return null;
    }
    boolean six = family == AF_INET6;
    return switch (memory.i32(VALUE)) {
      case IPPROTO_TCP, IPPROTO_MPTCP -> tcp(fd, six ? "tcp6" : "tcp", local);
      case IPPROTO_UDP, IPPROTO_UDPLITE -> udp(fd, six ? "udp6" : "udp", local);
      default -> null;
    };
  }

  private Socket tcp(int fd, String protocol, String local) {
    TcpInfo info = new TcpInfo(memory, VALUE, option(fd, IPPROTO_TCP, TCP_INFO, "TCP_INFO"));
    boolean listens = info.listens();
    long idle = info.idleMillis();
    long sent = info.sent();
    long received = info.received();
    int state = info.state();
    boolean tried = info.counts() && info.segments() > 0;
    Answer error = error(fd);
    Stage stage = TcpState.stage(state);
    if (state == TcpState.CLOSE.ordinal() + 1 && info.counts() && error != Answer.UNKNOWN) {
      // tcp_done of net/ipv4/tcp.c shuts both sides down; a failed connect that was waited for
      // starts anew (tcp_disconnect).
      boolean over = tried && poll.receivesNoMore();
      stage = over ? Stage.OVER : local.isEmpty() ? Stage.CREATED : Stage.BOUND;
    }
    peerGone = Sockets.peerGone(stage);
    return new Socket(
        protocol,
        local,
        listens ? "" : text(peer(fd)),
        TcpState.name(state),
        listens ? -1 : queue(fd, SIOCINQ),
        listens ? -1 : queue(fd, SIOCOUTQ),
        idle,
        stage,
        sent,
        received,
        error);
  }

  private Socket udp(int fd, String protocol, String local) {
    // SIOCINQ would say the length of the next datagram alone.
    boolean known = option(fd, SOL_SOCKET, SO_MEMINFO, "SO_MEMINFO") >= 4;
    long received = known ? memory.u32(VALUE) : -1;
    String remote = peer(fd);
    Stage stage = remote != null ? Stage.CONNECTED : local.isEmpty() ? Stage.CREATED : Stage.BOUND;
    return new Socket(
        protocol,
        local,
        text(remote),
        "",
        received,
        queue(fd, SIOCOUTQ),
        -1,
        stage,
        -1,
        -1,
        error(fd));
  }

  private Answer error(int fd) {
    return poll.ask(fd) ? Answer.of(poll.error()) : Answer.UNKNOWN;
  }

  private static String text(String address) {
    return address == null ? "" : address;
  }

  /** The peer's address, empty when it has none; {@code null} when there is no peer. */
  private String peer(int fd) {
    memory.put32(LENGTH, ADDRESS_SIZE);
    if (Libc.getpeername(fd, memory.address(ADDRESS), memory.address(LENGTH)) != 0) {
      int errno = Libc.errno();
      // ENOTCONN is the answer of one that has no peer; EINVAL that of one that was shut down.
      if (errno != Errno.ENOTCONN && errno != Errno.EINVAL && errno != Errno.EBADF) {
        failures.count("getpeername", Errno.name(errno));
      }
      return null;
    }
    return address();
  }

  /** The bytes that an option's value has now, 0 when refused. */
  private int option(int fd, int level, int option, String name) {
    memory.put32(LENGTH, VALUE_SIZE);
    if (Libc.getsockopt(fd, level, option, memory.address(VALUE), memory.address(LENGTH)) != 0) {
      refused("getsockopt " + name);
      return 0;
    }
    return memory.i32(LENGTH);
  }

  private long queue(int fd, int request) {
    if (Libc.ioctl(fd, request, memory.address(VALUE)) != 0) {
      int errno = Libc.errno();
      // EINVAL is the answer of a unix socket that listens.
      if (errno != Errno.EINVAL && errno != Errno.EBADF) {
        failures.count("ioctl", Errno.name(errno));
      }
      return -1;
    }
    return memory.i32(VALUE);
  }

  private Socket refused(String operation) {
    int errno = Libc.errno();
    if (errno != Errno.EBADF && errno != Errno.ENOTSOCK) {
      failures.count(
          operation, Errno.name(errno)); // the others: closed, or reused, since the list was made
    }
    return null;
  }

  /** The sockaddr just read: sockaddr_in, sockaddr_in6 or sockaddr_un, by its family. */
  private String address() {
    int length = Math.min(memory.i32(LENGTH), ADDRESS_SIZE);
    int port = memory.u8(ADDRESS + 2) << 8 | memory.u8(ADDRESS + 3);
    String text =
        switch (memory.u16(ADDRESS)) {
          case AF_INET -> Addresses.inet(memory.copy(ADDRESS + 4, 4), port);
          case AF_INET6 -> Addresses.inet(memory.copy(ADDRESS + 8, 16), port);
          case AF_UNIX -> Addresses.unix(memory.copy(ADDRESS + 2, Math.max(0, length - 2)));
          default -> "";
        };
    return addresses.one(text);
  }

  void free() {
    memory.close();
  }
}
