package io.descry.os.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The numbers that poll(2) and select(2) wait on, read from where their arguments lead. Neither
 * writes there before it returns (do_sys_poll and core_sys_select of fs/select.c). The memory is
 * another thread's and may go at any moment, so {@link ProcessMemory} has the kernel read it:
 * process_vm_readv(2), which needs no descriptor and of one's own process no privilege
 * (same_thread_group in __ptrace_may_access of kernel/ptrace.c); where a filter of system calls
 * refuses that, /proc/self/mem. For one thread at a time.
 */
final class PolledNumbers {
  /** Of more than that the first are read: a call that has so many is an event loop's. */
  private static final int MOST = 1024;

  /** {@code struct pollfd}: fd 4, events 2, revents 2. */
  private static final int POLLFD = 8;

  private final ProcessMemory memory = new ProcessMemory();

  /**
   * What poll(2) and ppoll(2) were given; a negative number is none (poll(2)).
   *
   * @throws IOException when that memory cannot be read
   */
  List<Integer> ofPoll(long descriptors, long count) throws IOException {
    Set<Integer> numbers = new TreeSet<>();
    ByteBuffer read = read(descriptors, (int) Math.min(count & 0xffffffffL, MOST) * POLLFD);
    for (int at = 0; at < read.capacity(); at += POLLFD) {
      int number = read.getInt(at);
      if (number >= 0) {
        numbers.add(number);
      }
    }
    return List.copyOf(numbers);
  }

  /**
   * What select(2) and pselect6(2) were given.
   *
   * @param beyond the highest number and 1
   * @param sets addresses of bits, in words of 8 bytes as the kernel reads them; 0 is no set
   * @throws IOException when that memory cannot be read
   */
  List<Integer> ofSelect(long beyond, long... sets) throws IOException {
    Set<Integer> numbers = new TreeSet<>();
    int bits = Math.max(0, Math.min((int) beyond, MOST));
    for (long set : sets) {
      ByteBuffer read = read(set, set == 0 ? 0 : (bits + 63) / 64 * 8);
      for (int number = 0; number < Math.min(bits, read.capacity() * 8); number++) {
        if ((read.getLong(number / 64 * 8) >>> number % 64 & 1) != 0) {
          numbers.add(number);
        }
      }
    }
    return List.copyOf(numbers);
  }

  private ByteBuffer read(long address, int length) throws IOException {
    byte[] bytes = new byte[length];
    if (length > 0) {
      memory.read(address, bytes);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
