package io.descry.os.linux;

import io.descry.os.Answer;
import io.descry.os.Kind;
import io.descry.os.Socket;

/** What follows from a socket's protocol and stage. */
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

  /** {@link io.descry.os.Facts#peerGone} of a socket that has connections. */
  static Answer peerGone(Socket.Stage stage) {
    return switch (stage) {
      case PEER_FINISHED, OVER -> Answer.YES;
      case UNKNOWN -> Answer.UNKNOWN;
      default -> Answer.NO;
    };
  }
}
