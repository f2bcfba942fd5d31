package io.descry.reconcile;

import io.descry.ledger.OpenKind;
import io.descry.os.Kind;

/** What a call opens, as far as its name or its door tells. */
final class OpeningCall {
  private OpeningCall() {}

  /** {@link Kind#OTHER} where the name does not tell: a socket may be of any protocol. */
  static Kind kind(String call) {
    return switch (call) {
      case "epoll_create", "epoll_create1" -> Kind.EVENTPOLL;
      case "eventfd" -> Kind.EVENTFD;
      case "timerfd_create" -> Kind.TIMERFD;
      case "signalfd" -> Kind.SIGNALFD;
      case "inotify_init", "inotify_init1" -> Kind.INOTIFY;
      case "pipe", "pipe2", "popen" -> Kind.PIPE;
      case "memfd_create", "memfd_secret" -> Kind.MEMFD;
      case "opendir" -> Kind.DIRECTORY;
      case "pidfd_open" -> Kind.PIDFD;
      default -> isFile(call) ? Kind.FILE : Kind.OTHER;
    };
  }

  /** {@link Kind#FILE} for what has a path, which may lead to anything. */
  static Kind kind(OpenKind opened) {
    return switch (opened) {
      case PATH -> Kind.FILE;
      case DIRECTORY -> Kind.DIRECTORY;
      case SOCKET_TCP -> Kind.SOCKET_TCP;
      case SOCKET_UDP -> Kind.SOCKET_UDP;
      case SOCKET_UNIX -> Kind.SOCKET_UNIX;
      case SOCKET_OTHER -> Kind.OTHER;
      case PIPE -> Kind.PIPE;
      case EVENTPOLL -> Kind.EVENTPOLL;
      case EVENTFD -> Kind.EVENTFD;
      case INOTIFY -> Kind.INOTIFY;
      case IO_COMPLETION -> Kind.IO_COMPLETION;
      case PROCESS -> Kind.PROCESS;
    };
  }

  private static boolean isFile(String call) {
    return call.startsWith("open")
        || call.startsWith("__open")
        || call.startsWith("creat")
        || call.startsWith("fopen")
        || call.startsWith("mkstemp")
        || call.startsWith("mkostemp")
        || call.startsWith("tmpfile");
  }
}
