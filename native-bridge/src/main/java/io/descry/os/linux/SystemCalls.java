package io.descry.os.linux;

import io.descry.os.ThreadWait;
import io.descry.os.WaitCall;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which system calls threads wait in, by number: arch/x86/entry/syscalls/syscall_64.tbl for x86-64,
 * include/uapi/asm-generic/unistd.h for aarch64. All that name a descriptor have it as their first
 * argument.
 */
final class SystemCalls {
  private static final int NONE = -1;
  private static final int IORING_ENTER_REGISTERED_RING = 0x10;

  private record Row(WaitCall call, String name, int x86, int aarch64) {}

  private static final List<Row> TABLE =
      List.of(
          new Row(WaitCall.EPOLL_WAIT, "epoll_wait", 232, NONE),
          new Row(WaitCall.EPOLL_WAIT, "epoll_pwait", 281, 22),
          new Row(WaitCall.EPOLL_WAIT, "epoll_pwait2", 441, 441),
          new Row(WaitCall.IO_URING_ENTER, "io_uring_enter", 426, 426),
          new Row(WaitCall.POLL, "poll", 7, NONE),
          new Row(WaitCall.POLL, "ppoll", 271, 73),
          new Row(WaitCall.SELECT, "select", 23, NONE),
          new Row(WaitCall.SELECT, "pselect6", 270, 72),
          new Row(WaitCall.READ, "read", 0, 63),
          new Row(WaitCall.READ, "readv", 19, 65),
          new Row(WaitCall.READ, "pread64", 17, 67),
          new Row(WaitCall.READ, "preadv", 295, 69),
          new Row(WaitCall.READ, "preadv2", 327, 286),
          new Row(WaitCall.WRITE, "write", 1, 64),
          new Row(WaitCall.WRITE, "writev", 20, 66),
          new Row(WaitCall.WRITE, "pwrite64", 18, 68),
          new Row(WaitCall.WRITE, "pwritev", 296, 70),
          new Row(WaitCall.WRITE, "pwritev2", 328, 287),
          new Row(WaitCall.WRITE, "fsync", 74, 82),
          new Row(WaitCall.WRITE, "fdatasync", 75, 83),
          new Row(WaitCall.RECEIVE, "recvfrom", 45, 207),
          new Row(WaitCall.RECEIVE, "recvmsg", 47, 212),
          new Row(WaitCall.RECEIVE, "recvmmsg", 299, 243),
          new Row(WaitCall.SEND, "sendto", 44, 206),
          new Row(WaitCall.SEND, "sendmsg", 46, 211),
          new Row(WaitCall.SEND, "sendmmsg", 307, 269),
          new Row(WaitCall.SEND, "sendfile", 40, 71),
          new Row(WaitCall.ACCEPT, "accept", 43, 202),
          new Row(WaitCall.ACCEPT, "accept4", 288, 242),
          new Row(WaitCall.CONNECT, "connect", 42, 203),
          new Row(WaitCall.FUTEX, "futex", 202, 98));

  private final Map<Integer, WaitCall> byNumber = new HashMap<>();

  SystemCalls(Architecture architecture) {
    for (Row row : TABLE) {
      int number = architecture == Architecture.X86_64 ? row.x86() : row.aarch64();
      if (number != NONE) {
        byNumber.put(number, row.call());
      }
    }
  }

  /**
   * Reads what /proc/self/task/N/syscall says (proc_pid_syscall(5)): the call's number in decimal,
   * six arguments in hexadecimal, two registers.
   *
   * @return {@code null} when the thread runs, or is blocked outside of any call (-1)
   */
  ThreadWait wait(int thread, String text) {
    String[] fields = text.strip().split(" ");
    if (fields.length < 7) {
      return null;
    }
    WaitCall call = byNumber.getOrDefault(Integer.parseInt(fields[0]), WaitCall.OTHER);
    boolean numbered =
        switch (call) {
          case POLL, SELECT, FUTEX, OTHER -> false;
          case IO_URING_ENTER -> (argument(fields[4]) & IORING_ENTER_REGISTERED_RING) == 0;
          default -> true;
        };
    return new ThreadWait(
        thread, call, numbered ? (int) argument(fields[1]) : ThreadWait.NO_NUMBER);
  }

  /**
   * The numbers that a wait in {@link WaitCall#POLL} or {@link WaitCall#SELECT} was given.
   *
   * @throws IOException when the memory that the arguments lead to cannot be read
   */
  static List<Integer> polled(WaitCall call, String text, PolledNumbers numbers)
      throws IOException {
    String[] fields = text.strip().split(" ");
    long first = argument(fields[1]);
    long second = argument(fields[2]);
    return call == WaitCall.POLL
        ? numbers.ofPoll(first, second)
        : numbers.ofSelect(first, second, argument(fields[3]), argument(fields[4]));
  }

  private static long argument(String hexadecimal) {
    return Long.parseUnsignedLong(hexadecimal, 2, hexadecimal.length(), 16);
  }
}
