package io.descry.os.linux;

import io.descry.os.Failures;

/**
 * Asks a pipe or socket for its state by poll(2) without waiting, one number a call: so the answer
 * belongs to the same open file as all else that is asked of the number between two checks of its
 * identity. Nothing is consumed: a pending error stays pending.
 *
 * <p>Only for pipes and sockets, whose poll takes no lock and asks no server (pipe_poll of
 * fs/pipe.c, tcp_poll of net/ipv4/tcp.c, unix_poll of net/unix/af_unix.c, datagram_poll of
 * net/core/datagram.c). For one thread at a time.
 */
final class Poll {
  private static final int POLLERR = 0x8;
  private static final int POLLHUP = 0x10;
  private static final int POLLNVAL = 0x20;
  private static final int POLLRDHUP = 0x2000;
  private static final int NOT_ASKED = -1;

  /** {@code struct pollfd}: fd 4, events 2, revents 2. */
  private final NativeMemory memory = new NativeMemory(8);

  private final Failures failures;
  private int events = NOT_ASKED;
  private boolean known;

  Poll(Failures failures) {
    this.failures = failures;
  }

  /** Asks; whether there was an answer, which is what the other methods say then. */
  boolean ask(int fd) {
    memory.put32(0, fd);
    memory.put32(4, POLLRDHUP); // revents, behind it, becomes 0
    int ready = Libc.poll(memory.address(0), 1, 0);
    if (ready < 0) {
      failures.count("poll", Errno.name(Libc.errno()));
    }
    events = memory.u16(6);
    known = ready >= 0 && (events & POLLNVAL) == 0;
    return known;
  }

  /** All that was answered since {@link #forget}; -1 when nothing was asked. */
  int events() {
    return events;
  }

  void forget() {
    events = NOT_ASKED;
    known = false;
  }

  /** An error of a socket; of a pipe's write end, that there is no reader. */
  boolean error() {
    return known && (events & POLLERR) != 0;
  }

  /** Of a pipe's read end, that there is no writer; of a socket, that nothing goes either way. */
  boolean hungUp() {
    return known && (events & POLLHUP) != 0;
  }

  /** That a socket will receive nothing more, because of its peer or by its own shutdown. */
  boolean receivesNoMore() {
    return known && (events & POLLRDHUP) != 0;
  }

  void free() {
    memory.close();
  }
}
