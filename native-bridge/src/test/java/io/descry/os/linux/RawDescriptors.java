package io.descry.os.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.descry.os.JnaLoading;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Opens descriptors as native code does, with no Java object that knows them; closes what it
 * opened.
 */
final class RawDescriptors implements AutoCloseable {
  private static final boolean X86 = System.getProperty("os.arch").equals("amd64");

  private final NativeMemory memory;
  private final Deque<Integer> opened = new ArrayDeque<>();

  RawDescriptors() {
    assertThat(JnaLoading.once().refusals()).isEmpty();
    memory = new NativeMemory(4096);
  }

  int memfd(String name) {
    memory.putText(0, name);
    return call(X86 ? 319 : 279, memory.address(0), 0, 0, 0);
  }

  int timerfd() {
    return call(X86 ? 283 : 85, 1, 0, 0, 0);
  }

  int signalfd() {
    zero(64);
    return call(X86 ? 289 : 74, -1, memory.address(0), 8, 0);
  }

  int eventfd() {
    return eventfd(0);
  }

  int eventfd(int count) {
    return call(X86 ? 290 : 19, count, 0, 0, 0);
  }

  /** Lets a timerfd expire once, after that time; 0 disarms it. */
  void arm(int timerfd, int seconds, int nanos) {
    zero(32);
    memory.put32(16, seconds);
    memory.put32(24, nanos);
    assertThat(Libc.syscall(X86 ? 286 : 86, timerfd, 0, memory.address(0), 0, 0)).isZero();
  }

  /** Read end, write end. */
  int[] pipe() {
    assertThat(Libc.syscall(X86 ? 293 : 59, memory.address(0), 0, 0, 0, 0)).isZero();
    return new int[] {keep(memory.i32(0)), keep(memory.i32(4))};
  }

  /** Two unix sockets that are each other's peer. */
  int[] pair(int type) {
    assertThat(Libc.syscall(X86 ? 53 : 199, 1, type, 0, memory.address(0), 0)).isZero();
    return new int[] {keep(memory.i32(0)), keep(memory.i32(4))};
  }

  void write(int fd) {
    assertThat(Libc.syscall(X86 ? 1 : 64, fd, memory.address(0), 1, 0, 0)).isEqualTo(1);
  }

  /** How many bytes there were, of 8 at most; waits for the first. */
  long read(int fd) {
    return Libc.read(fd, memory.address(0), 8);
  }

  /** Adds to the counter of an eventfd. */
  void count(int eventfd, long more) {
    memory.put64(0, more);
    assertThat(Libc.syscall(X86 ? 1 : 64, eventfd, memory.address(0), 8, 0, 0)).isEqualTo(8);
  }

  /** Puts what {@code from} leads to under a number that is open. */
  void onto(int from, int number) {
    assertThat(Libc.syscall(X86 ? 292 : 24, from, number, 0, 0, 0)).isEqualTo(number);
  }

  void shutdown(int socket, int how) {
    assertThat(Libc.syscall(X86 ? 48 : 210, socket, how, 0, 0, 0)).isZero();
  }

  void closeOnExec(int fd) {
    assertThat(Libc.fcntl(fd, Libc.F_SETFD, Libc.FD_CLOEXEC)).isZero();
  }

  int pidfd() {
    return call(434, ProcessHandle.current().pid(), 0, 0, 0);
  }

  /** -1 where the kernel or a filter forbids io_uring. */
  int ioUring() {
    zero(256);
    long fd = Libc.syscall(425, 2, memory.address(0), 0, 0, 0);
    if (fd >= 0) {
      opened.add((int) fd);
    }
    return (int) fd;
  }

  int epoll(int... watched) {
    int epoll = call(X86 ? 291 : 20, 0, 0, 0, 0);
    for (int fd : watched) {
      zero(16);
      memory.put32(0, 1);
      assertThat(Libc.syscall(X86 ? 233 : 21, epoll, 1, fd, memory.address(0), 0)).isZero();
    }
    return epoll;
  }

  int socket(int family, int type, int protocol) {
    return call(X86 ? 41 : 198, family, type, protocol, 0);
  }

  int open(String path) {
    return open(path, 0);
  }

  int open(String path, int flags) {
    memory.putText(0, path);
    return keep(Libc.open(memory.address(0), flags));
  }

  void close(int fd) {
    opened.remove(fd);
    Libc.close(fd);
  }

  private int call(long number, long a, long b, long c, long d) {
    return keep(Libc.syscall(number, a, b, c, d, 0));
  }

  private int keep(long fd) {
    assertThat(fd).as("errno %d", Libc.errno()).isNotNegative();
    opened.add((int) fd);
    return (int) fd;
  }

  private void zero(int size) {
    for (int at = 0; at < size; at += 4) {
      memory.put32(at, 0);
    }
  }

  @Override
  public void close() {
    opened.forEach(Libc::close);
    memory.close();
  }
}
