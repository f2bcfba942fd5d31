package io.descry.os.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C functions that the Linux adapter calls, by JNA's direct mapping. Pointers are passed as
 * plain addresses, so that no call allocates. After a result of -1 {@link #errno()} has the reason.
 *
 * <p>Every function here is exported by glibc 2.17. What that version lacks ({@code getdents64},
 * {@code statx}, {@code fstat}) goes through {@link #syscall} with a number of {@link
 * Architecture}.
 */
final class Libc {
  static {
    // What the process has loaded already: no search for a file, no second libc.
    Native.register(Libc.class, NativeLibrary.getProcess());
  }

  static final int O_CLOEXEC = 0x80000;
  static final int F_DUPFD_CLOEXEC = 1030;
  static final int F_GETFD = 1;
  static final int F_SETFD = 2;
  static final int F_GETFL = 3;
  static final int FD_CLOEXEC = 1;
  static final int SEEK_SET = 0;
  static final int SEEK_CUR = 1;
  static final int RLIMIT_NOFILE = 7;
  static final int SIGTERM = 15;

  private Libc() {}

  /** The error of the last call that this thread made here. */
  static int errno() {
    return Native.getLastError();
  }

  static native long syscall(long number, long a, long b, long c, long d, long e);

  static native long process_vm_readv(
      int pid, long local, long localCount, long remote, long remoteCount, long flags);

  static native int open(long path, int flags);

  static native int close(int fd);

  static native long read(int fd, long buffer, long size);

  static native long lseek(int fd, long offset, int whence);

  static native long readlinkat(int directory, long name, long buffer, long size);

  static native int fcntl(int fd, int command, long argument);

  static native int ioctl(int fd, long request, long argument);

  static native int poll(long descriptors, long count, int timeout);

  static native int getrlimit(int resource, long limits);

  static native int setrlimit(int resource, long limits);

  static native int getpid();

  static native int kill(int process, int signal);

  static native int getsockname(int fd, long address, long length);

  static native int getpeername(int fd, long address, long length);

  static native int getsockopt(int fd, int level, int option, long value, long length);
}
