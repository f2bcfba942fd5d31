package io.descry.api;

/** What a descriptor is, as Descry's reports and metrics tell kinds apart. */
public enum HandleKind {
  /** A file with a name, or that had one. */
  FILE("file"),
  /** A directory. */
  DIRECTORY("directory"),
  /** A TCP socket of either IP version, in any state. */
  SOCKET_TCP("socket.tcp"),
  /** A UDP socket of either IP version. */
  SOCKET_UDP("socket.udp"),
  /** A Unix domain socket. */
  SOCKET_UNIX("socket.unix"),
  /** One end of a pipe, named or not; a pipe of which this process has both ends is two. */
  PIPE("pipe"),
  /** An epoll instance. */
  EVENTPOLL("eventpoll"),
  /** An eventfd. */
  EVENTFD("eventfd"),
  /** A timerfd. */
  TIMERFD("timerfd"),
  /** A signalfd. */
  SIGNALFD("signalfd"),
  /** An inotify instance. */
  INOTIFY("inotify"),
  /** An io_uring instance. */
  IO_URING("io_uring"),
  /** A memfd. */
  MEMFD("memfd"),
  /** A pidfd. */
  PIDFD("pidfd"),
  /** A device. */
  DEVICE("device"),
  /** An event (Windows). */
  EVENT("event"),
  /** A semaphore (Windows). */
  SEMAPHORE("semaphore"),
  /** A mutex, which Windows calls a mutant inside. */
  MUTANT("mutant"),
  /** A waitable timer (Windows). */
  TIMER("timer"),
  /** A thread (Windows). */
  THREAD("thread"),
  /** A process (Windows). */
  PROCESS("process"),
  /** A key of the registry (Windows). */
  KEY("key"),
  /** A section: memory that is shared or mapped from a file (Windows). */
  SECTION("section"),
  /** An I/O completion port (Windows). */
  IO_COMPLETION("iocompletion"),
  /** Anything else. */
  OTHER("other");

  private final String label;

  HandleKind(String label) {
    this.label = label;
  }

  /** The name in Descry's reports and metrics, such as {@code socket.tcp}. */
  public String label() {
    return label;
  }
}
