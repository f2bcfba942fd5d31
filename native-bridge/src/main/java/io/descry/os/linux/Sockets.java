package io.descry.os.linux;

import io.descry.os.Kind;
import io.descry.os.Socket;

/** Names the kind of a socket by its protocol. */
final class Sockets {
  private Sockets() {}

  /** {@link Kind#OTHER} for {@code null}: a protocol that Descry does not read. */
  static Kind kind(Socket socket) {
    if (socket == null) {
      return Kind.OTHER;
    }
    return switch (socket.protocol()) {
      case "tcp", "tcp6" -> Kind.SOCKET_TCP;
      case "udp", "udp6" -> Kind.SOCKET_UDP;
      case "unix" -> Kind.SOCKET_UNIX;
      default -> Kind.OTHER;
    };
  }
}
