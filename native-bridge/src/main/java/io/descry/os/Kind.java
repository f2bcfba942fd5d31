package io.descry.os;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a descriptor is. The label is what reports and metrics print. Windows' own kinds are called
 * as Windows calls the type of the object, in small letters.
 */
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
  EVENT("event"),
  SEMAPHORE("semaphore"),
  MUTANT("mutant"),
  TIMER("timer"),
  THREAD("thread"),
  PROCESS("process"),
  KEY("key"),
  SECTION("section"),
  IO_COMPLETION("iocompletion"),
  OTHER("other");

  private static final Set<Kind> WINDOWS_ONLY =
      EnumSet.of(EVENT, SEMAPHORE, MUTANT, TIMER, THREAD, PROCESS, KEY, SECTION, IO_COMPLETION);
  private static final Set<Kind> LINUX_ONLY =
      EnumSet.of(EVENTPOLL, EVENTFD, TIMERFD, SIGNALFD, INOTIFY, IO_URING, MEMFD, PIDFD);

  private final String label;

  Kind(String label) {
    this.label = label;
  }

  /** The name in reports, metrics and documentation, such as {@code socket.tcp}. */
  public String label() {
    return label;
  }

  /** The kinds that there are on the system of this process, in order. */
  public static Set<Kind> ofThisSystem() {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    return EnumSet.complementOf(EnumSet.copyOf(windows ? LINUX_ONLY : WINDOWS_ONLY));
  }

  /** Whether this is a socket of a protocol that Descry knows. */
  public boolean isSocket() {
    return this == SOCKET_TCP || this == SOCKET_UDP || this == SOCKET_UNIX;
  }
}
