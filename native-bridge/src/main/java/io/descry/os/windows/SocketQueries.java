package io.descry.os.windows;

import io.descry.os.Addresses;
import io.descry.os.Failures;

/** What Winsock says of a handle. For one thread at a time. */
final class SocketQueries implements AutoCloseable {
  static final int SOL_SOCKET = 0xffff;
  static final int SO_PROTOCOL_INFOW = 0x2005;
  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 23;

  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;
  static final int IPPROTO_TCP = 6;
  static final int IPPROTO_UDP = 17;
  static final int WSAEINVAL = 10022;
  static final int WSAENOTSOCK = 10038;
  static final int WSAENOTCONN = 10057;

  /** SOCKADDR_STORAGE. */
  private static final int GREATEST_ADDRESS = 128;

  private final NativeCalls calls;
  private final Structures structures;
  private final Failures failures;
  private final NativeBlock block;
  private final NativeBlock length = new NativeBlock(4);

  SocketQueries(NativeCalls calls, Structures structures, Failures failures) {
    this.calls = calls;
    this.structures = structures;
    this.failures = failures;
    block = new NativeBlock(structures.protocol.size());
  }

  /** The socket's protocol and addresses; {@code null} when the handle is no socket. */
  SocketNames of(long handle) {
    StructLayout info = structures.protocol;
    length.put32(0, info.size());
    int refused =
        calls.socketOption(
            handle, SOL_SOCKET, SO_PROTOCOL_INFOW, block.address(), length.address());
    if (refused != 0) {
      count("getsockopt", WSAENOTSOCK);
      return null;
    }
    if (length.i32(0) != info.size()) {
      failures.count("getsockopt", "another length");
      return null;
    }
    String protocol =
        protocol(
            block.i32(info.offset("iAddressFamily")),
            block.i32(info.offset("iSocketType")),
            block.i32(info.offset("iProtocol")));
    String local = address("getsockname", handle, WSAEINVAL);
    return new SocketNames(
        protocol, local, local.isEmpty() ? "" : address("getpeername", handle, WSAENOTCONN));
  }

  private static String protocol(int family, int type, int protocol) {
    String ip =
        switch (protocol) {
          case IPPROTO_TCP -> type == SOCK_STREAM ? "tcp" : "";
          case IPPROTO_UDP -> type == SOCK_DGRAM ? "udp" : "";
          default -> "";
        };
    return switch (family) {
      case AF_INET -> ip;
      case AF_INET6 -> ip.isEmpty() ? "" : ip + "6";
      case AF_UNIX -> "unix";
      default -> "";
    };
  }

  /** Empty when the socket has none, which Windows says by that error. */
  private String address(String operation, long handle, int none) {
    length.put32(0, GREATEST_ADDRESS);
    int refused =
        operation.equals("getsockname")
            ? calls.socketName(handle, block.address(), length.address())
            : calls.peerName(handle, block.address(), length.address());
    if (refused != 0) {
      count(operation, none);
      return "";
    }
    return text(length.i32(0));
  }

  private String text(int length) {
    if (length < 2 || length > GREATEST_ADDRESS) {
      return "";
    }
    StructLayout inet = structures.inet;
    StructLayout inet6 = structures.inet6;
    int family = block.u16(0);
    if (family == AF_INET && length >= inet.size()) {
      return Addresses.inet(
          block.copy(inet.offset("sin_addr"), 4), networkOrder(block, inet.offset("sin_port")));
    }
    if (family == AF_INET6 && length >= inet6.size()) {
      return Addresses.inet(
          block.copy(inet6.offset("sin6_addr"), 16),
          networkOrder(block, inet6.offset("sin6_port")));
    }
    if (family == AF_UNIX) {
      int path = structures.unix.offset("sun_path");
      return Addresses.unix(block.copy(path, Math.max(0, length - path)));
    }
    return "";
  }

  /** A port, as the network writes it. */
  static int networkOrder(NativeBlock block, int offset) {
    return Short.toUnsignedInt(Short.reverseBytes((short) block.u16(offset)));
  }

  private void count(String operation, int expected) {
    int error = calls.lastError();
    if (error != expected && error != WSAENOTSOCK) { // the latter: closed, or reused, meanwhile
      failures.count(operation, Status.error(error));
    }
  }

  @Override
  public void close() {
    block.close();
    length.close();
  }
}
