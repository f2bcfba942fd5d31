package io.descry.os;

/** What a descriptor is. The label is what reports and metrics print. */
public enum Kind {
  FILE("file"),
  DIRECTORY("directory"),
  SOCKET_TCP("socket.tcp"),
  SOCKET_UDP("socket.udp"),
  SOCKET_UNIX("socket.unix"),
  PIPE("pipe"),
  EVENTPOLL("eventpoll"),
  EVENTFD("eventfd"),
  TIMERFD("timerfd"),
  SIGNALFD("signalfd"),
  INOTIFY("inotify"),
  IO_URING("io_uring"),
  MEMFD("memfd"),
  PIDFD("pidfd"),
  DEVICE("device"),
  OTHER("other");

  private final String label;

  Kind(String label) {
    this.label = label;
  }

  /** The name in reports, metrics and documentation, such as {@code socket.tcp}. */
  public String label() {
    return label;
  }

  /** Whether this is a socket of a protocol that Descry knows. */
  public boolean isSocket() {
    return this == SOCKET_TCP || this == SOCKET_UDP || this == SOCKET_UNIX;
  }
}
