package io.descry.os.linux;

import io.descry.os.Limits;
import java.io.IOException;

/** How many descriptors this process may hold: RLIMIT_NOFILE. Safe for several threads. */
final class DescriptorLimit implements AutoCloseable {
  // struct rlimit: rlim_cur 8, rlim_max 8
  private static final int HARD = 8;

  private final NativeMemory memory = new NativeMemory(16);
  private boolean closed;

  /** The limits in force; unknown when the system refuses them. */
  synchronized Limits read() {
    return closed || Libc.getrlimit(Libc.RLIMIT_NOFILE, memory.address(0)) != 0
        ? new Limits(Limits.UNKNOWN, Limits.UNKNOWN)
        : new Limits(limit(memory.i64(0)), limit(memory.i64(HARD)));
  }

  /**
   * Raises the soft limit to the hard one.
   *
   * @return what they were before
   * @throws IOException when the system refuses
   */
  synchronized Limits raise() throws IOException {
    Limits before = read();
    if (before.soft() == Limits.UNKNOWN) {
      throw new IOException("the limits are not known");
    }
    if (before.soft() < before.hard()) {
      memory.put64(0, memory.i64(HARD));
      if (Libc.setrlimit(Libc.RLIMIT_NOFILE, memory.address(0)) != 0) {
        throw new IOException("setrlimit: " + Errno.name(Libc.errno()));
      }
    }
    return before;
  }

  private static long limit(long value) {
    return value < 0 ? Long.MAX_VALUE : value; // RLIM_INFINITY has all bits set
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      memory.close();
    }
  }
}
