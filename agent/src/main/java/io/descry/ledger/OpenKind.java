package io.descry.ledger;

/** What a door of the JDK opens, as far as the door itself knows. */
public enum OpenKind {
  /** Something with a path: a file, a directory, a device, a named pipe. */
  PATH("file"),
  /** A directory that is being listed. */
  DIRECTORY("directory"),
  SOCKET_TCP("socket.tcp"),
  SOCKET_UDP("socket.udp"),
  SOCKET_UNIX("socket.unix"),
  /** A socket of another protocol, or of one that the door does not tell. */
  SOCKET_OTHER("other"),
  PIPE("pipe"),
  EVENTPOLL("eventpoll"),
  EVENTFD("eventfd"),
  INOTIFY("inotify"),
  /** A completion port of Windows, on which selectors and asynchronous channels wait there. */
  IO_COMPLETION("iocompletion"),
  /** A process of Windows: a handle is how a parent waits for a child there. */
  PROCESS("process");

  private final String label;

  OpenKind(String label) {
    this.label = label;
  }

  /** The kind's name in reports and metrics. */
  public String label() {
    return label;
  }
}
