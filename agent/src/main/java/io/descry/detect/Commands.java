package io.descry.detect;

import io.descry.os.Kind;
import io.descry.reconcile.OwnedDescriptor;
import java.util.List;
import java.util.Map;

/**
 * Commands that show a fact by hand, for the system of the process. They hold numbers and fixed
 * text only, never what came from outside.
 */
sealed interface Commands permits LinuxCommands, WindowsCommands {
  /** Descriptors named in one command. */
  int NUMBERS = 12;

  /**
   * Those for the system that runs this.
   *
   * @param pid of the process, as it sees itself
   */
  static Commands of(long pid) {
    return System.getProperty("os.name", "").startsWith("Windows")
        ? new WindowsCommands(pid)
        : new LinuxCommands(pid);
  }

  /** Counts the open descriptors of a kind. */
  String count(Kind kind);

  /** Counts all open descriptors. */
  String all();

  /**
   * Counts those of the descriptors that are still open; of very many, all of the kind or of the
   * process.
   */
  String countOf(List<OwnedDescriptor> descriptors);

  /** Counts at least these: unconnected sockets are in no list of sockets, only in that of all. */
  String count(Kind kind, List<OwnedDescriptor> descriptors);

  /** Counts at least these, a line for each kind. */
  String counts(Map<Kind, List<OwnedDescriptor>> byKind);

  /** Lists the descriptors, a line for each. */
  String list(List<OwnedDescriptor> descriptors);

  String numbers(List<Integer> numbers);

  /** How many of the descriptors lead to one target: a line for each target. */
  String targets(List<OwnedDescriptor> descriptors);

  /**
   * Shows the closes that fail in the next seconds, by thread; strace(1) slows the process down
   * meanwhile, so that it must not be left running.
   */
  String failingCloses();

  /**
   * What a thread waits in, its number first among the arguments, and that the number is closed.
   */
  String waitAndNumber(int thread, int number);

  /** As {@link #waitAndNumber}, and how often the thread has gone to sleep. */
  String sleepAndNumber(int thread, int number);

  /** As {@link #sleepAndNumber}, and the number again if it is among those that poll(2) has. */
  String polled(int thread, int number);

  /** As {@link #sleepAndNumber}, and 1 for each set of select(2) that has the number. */
  String selected(int thread, int number);

  /** What a number leads to here and in a child, and its flags: 02000000 is close-on-exec. */
  String inherited(int child, int number);

  /** Counts those that lead to what has no name: its link count is 0. */
  String deleted(List<OwnedDescriptor> descriptors);

  /** A line for each of the descriptors that has no other end. */
  String withoutPeer(List<OwnedDescriptor> descriptors);

  /** A line for each of these sockets that is neither connected nor listening. */
  String unconnected(List<OwnedDescriptor> sockets);

  /** Counts those of these sockets of which the peer has closed and this side has not. */
  String closeWait(List<OwnedDescriptor> sockets);

  /**
   * Counts those of these sockets that have carried no data. Of what is 0 ss says nothing, and the
   * end of the peer's data counts as one byte received (tcp_fin of net/ipv4/tcp_input.c).
   */
  String withoutBytes(List<OwnedDescriptor> sockets);

  /** Counts those of these files whose position is 0. */
  String atStart(List<OwnedDescriptor> files);

  /** Counts those of these eventfds whose counter is 0. */
  String atZero(List<OwnedDescriptor> eventfds);

  /** What each of these eventpolls watches: a line with its number, and where that leads. */
  String watched(List<OwnedDescriptor> loops);

  /** A line for each of these that is in no epoll set. */
  String unwatched(List<OwnedDescriptor> descriptors);

  /**
   * A line for each of these that no thread waits on now, in epoll_pwait of aarch64 or epoll_wait,
   * epoll_pwait of x86-64, or in io_uring_enter or epoll_pwait2 of both.
   */
  String unpolled(List<OwnedDescriptor> loops);

  /** A line for each of these threads that is no more. */
  String ended(List<Integer> threads);

  /** The files of which code is loaded, libraries among them. */
  String libraries();

  String limit();

  /** Runs a garbage collection before another command. */
  String afterCollection(String command);

  String raiseLimit(long soft, long hard);
}
