package io.descry.os.windows;

import io.descry.os.Kind;

/**
 * What Winsock says of a socket.
 *
 * @param protocol as in {@link io.descry.os.Socket}; empty for one that Descry does not read
 * @param local as in {@link io.descry.os.Socket}
 * @param remote as in {@link io.descry.os.Socket}
 */
record SocketNames(String protocol, String local, String remote) {

  Kind kind() {
    return switch (protocol) {
      case "tcp", "tcp6" -> Kind.SOCKET_TCP;
      case "udp", "udp6" -> Kind.SOCKET_UDP;
      case "unix" -> Kind.SOCKET_UNIX;
      default -> Kind.OTHER;
    };
  }
}
