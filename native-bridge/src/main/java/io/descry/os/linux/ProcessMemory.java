package io.descry.os.linux;

import io.descry.os.JnaLoading;
import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * Reads this process's memory through the kernel, so that an address that is not mapped, or no
 * longer, is an error and not the end of the JVM. Safe for several threads.
 */
public final class ProcessMemory {
  /** How much is read at a time. */
  private static final int BLOCK = 1 << 16;

  /** Two {@code struct iovec}: here and there. */
  private static final int VECTORS = 32;

  private final int pid = (int) ProcessHandle.current().pid();
  private NativeMemory block;
  private boolean refused;

  /**
   * Fills {@code to} with what is at an address.
   *
   * @throws IOException when not all of it can be read
   */
  public synchronized void read(long address, byte[] to) throws IOException {
    if (!refused && block == null) {
      refused = !JnaLoading.once().loaded();
      block = refused ? null : new NativeMemory(VECTORS + BLOCK);
    }
    if (refused) {
      readFile(address, to);
      return;
    }
    for (int done = 0; done < to.length; ) {
      int length = Math.min(BLOCK, to.length - done);
      vector(0, block.address(VECTORS), length);
      vector(16, address + done, length);
      long read = Libc.process_vm_readv(pid, block.address(0), 1, block.address(16), 1, 0);
      if (read != length) {
        int errno = Libc.errno();
        if (done == 0 && read < 0 && (errno == Errno.ENOSYS || errno == Errno.EPERM)) {
          // A filter of system calls, as older container runtimes have: the other way needs a
          // descriptor, and is asked from now on.
          refused = true;
          readFile(address, to);
          return;
        }
        throw new IOException("not readable: " + (read < 0 ? Errno.name(errno) : "partly"));
      }
      block.copy(VECTORS, to, done, length);
      done += length;
    }
  }

  private void vector(int offset, long address, long length) {
    block.put64(offset, address);
    block.put64(offset + 8, length);
  }

  private static void readFile(long address, byte[] to) throws IOException {
    try (RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "r")) {
      memory.seek(address);
      memory.readFully(to);
    }
  }
}
