package io.descry.os.linux;

import io.descry.os.Failures;
import java.util.function.BooleanSupplier;

/**
 * What a scan asks about every number: what is open, as which inode, and of what it knows already
 * what may have changed. By one call for many where the tracer's library is there ({@link
 * NativeBatch}), else by JNA, one call for each; the answers are the same. For one thread at a
 * time.
 */
final class DescriptorBatch {
  /** How many numbers an answer has at most. */
  static final int SIZE = 512;

  /** What can be asked about a number that is known. */
  enum Glance {
    /** A file's position. */
    POSITION(1),
    /** What poll(2) says of a pipe or a socket that is not TCP's. */
    READINESS(2),
    /** What poll(2) and TCP_INFO say of a TCP socket. */
    TCP(3),
    /** What TCP_INFO says of a TCP socket. */
    CONNECTION(5),
    /** Whether the text of fdinfo is another: of what an eventpoll watches, of counters. */
    INTEREST(4);

    private final int code;

    Glance(int code) {
      this.code = code;
    }
  }

  // struct status and struct ask of inspect.c
  private static final int STATUS = 32;
  private static final int ASK = 256;
  private static final int INFO = 16;

  /** As many closed numbers in a row are cheaper to ask than the directory is. */
  private static final int GAP = 8;

  private static final int IPPROTO_TCP = 6;
  private static final int TCP_INFO = 11;

  private final HeldDirectory directory;
  private final FileStatus status;
  private final Poll poll;
  private final NativeMemory statuses = new NativeMemory(SIZE * STATUS);
  private final NativeMemory asks = new NativeMemory(SIZE * ASK);
  private final NativeMemory length = new NativeMemory(4);
  private final BooleanSupplier together;
  private int asked;

  /**
   * Asks by way of these.
   *
   * @param together whether {@link NativeBatch} may be used now
   */
  DescriptorBatch(
      HeldDirectory directory, FileStatus status, Failures failures, BooleanSupplier together) {
    this.together = together;
    this.directory = directory;
    this.status = status;
    this.poll = new Poll(failures);
  }

  /**
   * Asks for the status of the open numbers from {@code from} on, ascending.
   *
   * @return how many there are now, {@link #SIZE} at most; fewer when those are all
   * @throws java.io.UncheckedIOException when the system refuses the list
   */
  int statuses(int from) {
    if (!together.getAsBoolean()) {
      return oneByOne(from);
    }
    int count = NativeBatch.statuses(directory.number(), from, statuses.address(0), SIZE);
    if (count < 0) {
      throw directory.refused("getdents64", -count);
    }
    return count;
  }

  private int oneByOne(int from) {
    int count = 0;
    int closed = 0;
    for (int number = from; count < SIZE; number++) {
      int error = status.read(number);
      if (error != Errno.EBADF) {
        closed = 0;
        put(count++, number, error);
      } else if (++closed == GAP) {
        int next = directory.next(number + 1);
        if (next < 0) {
          break;
        }
        closed = 0;
        number = next - 1;
      }
    }
    return count;
  }

  private void put(int index, int number, int error) {
    int at = index * STATUS;
    boolean known = error == 0;
    statuses.put32(at, number);
    statuses.put32(at + 4, error);
    statuses.put32(at + 8, known ? status.mode : 0);
    statuses.put32(at + 12, known ? (int) status.links : 0);
    statuses.put64(at + 16, known ? status.device : 0);
    statuses.put64(at + 24, known ? status.inode : 0);
  }

  int number(int index) {
    return statuses.i32(index * STATUS);
  }

  /** Why the rest of the status is not known; 0 when it is. */
  int error(int index) {
    return statuses.i32(index * STATUS + 4);
  }

  int mode(int index) {
    return statuses.i32(index * STATUS + 8);
  }

  long links(int index) {
    return statuses.u32(index * STATUS + 12);
  }

  long device(int index) {
    return statuses.i64(index * STATUS + 16);
  }

  long inode(int index) {
    return statuses.i64(index * STATUS + 24);
  }

  /** Begins a new row of questions. */
  void clear() {
    asked = 0;
  }

  /** Adds a question to the row, of {@link #SIZE} at most. */
  void add(int number, Glance glance) {
    int at = asked++ * ASK;
    asks.put32(at, number);
    asks.put32(at + 4, glance.code);
    asks.put32(at + 8, 0);
    asks.put32(at + 12, 0);
  }

  /** Asks all of the row. */
  void glance() {
    if (asked > 0 && together.getAsBoolean()) {
      NativeBatch.glances(directory.number(), asks.address(0), asked);
      return;
    }
    for (int index = 0; index < asked; index++) {
      glance(index * ASK);
    }
  }

  private void glance(int at) {
    int number = asks.i32(at);
    int what = asks.i32(at + 4);
    if (what == Glance.POSITION.code) {
      asks.put64(at + INFO, Libc.lseek(number, 0, Libc.SEEK_CUR));
    } else if (what == Glance.INTEREST.code) {
      String text = directory.readPiece("/proc/self/fdinfo/" + number);
      asks.put64(at + INFO, text == null ? 0 : text.hashCode() | 1L << 32);
    } else {
      if (what != Glance.CONNECTION.code) {
        poll.ask(number);
        asks.put32(at + 8, poll.events());
      }
      if (what != Glance.READINESS.code) {
        length.put32(0, TcpInfo.BYTES);
        int failed =
            Libc.getsockopt(
                number, IPPROTO_TCP, TCP_INFO, asks.address(at + INFO), length.address(0));
        asks.put32(at + 12, failed != 0 ? 0 : length.i32(0));
      }
    }
  }

  /** What lseek(2) said, -1 for nothing. */
  long position(int question) {
    return asks.i64(question * ASK + INFO);
  }

  /** What poll(2) said, of {@link Glance#READINESS} and {@link Glance#TCP}. */
  int events(int question) {
    return asks.i32(question * ASK + 8);
  }

  TcpInfo tcp(int question) {
    return new TcpInfo(asks, question * ASK + INFO, asks.i32(question * ASK + 12));
  }

  /** Equal for equal texts of fdinfo; 0 when there was none, or too much of it. */
  long digest(int question) {
    return asks.i64(question * ASK + INFO);
  }

  void free() {
    statuses.close();
    asks.close();
    length.close();
    poll.free();
  }
}
