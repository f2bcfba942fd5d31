package io.descry.os.linux;

import io.descry.os.Failures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * /proc/self/fd, held open, and one spare number. Listing needs no new number; reading another file
 * of /proc takes one for as long as it lasts, at the limit the spare's, so that a process that has
 * none left can still be read.
 *
 * <p>An application may close numbers that are not its own: that is what Descry looks for. So each
 * number is checked to be still the directory before it is used, and opened anew when it is not.
 *
 * <p>For one thread at a time, but for {@link #number()}, {@link #spare()}, {@link #device()} and
 * {@link #inode()}.
 */
final class HeldDirectory {
  private static final String PATH = "/proc/self/fd";
  private static final int NONE = -1;
  private static final int TEXT = 64 * 1024;

  // struct linux_dirent64: inode 8, offset 8, length 2, type 1, name
  private static final int NAME = 19;
  private static final int ONE_ENTRY = 64;

  private final Architecture architecture;
  private final Failures failures;
  private final NativeMemory memory = new NativeMemory(TEXT);
  private final FileStatus status;
  private volatile int directory = NONE;
  private volatile int spare = NONE;
  private volatile long device;
  private volatile long inode;

  HeldDirectory(Architecture architecture, Failures failures) {
    this.architecture = architecture;
    this.failures = failures;
    this.status = new FileStatus(architecture);
    hold();
  }

  int number() {
    return directory;
  }

  int spare() {
    return spare;
  }

  long device() {
    return device;
  }

  long inode() {
    return inode;
  }

  /** How many numbers this holds: 2, less what the limit or the application took away. */
  int held() {
    return (directory == NONE ? 0 : 1) + (spare == NONE ? 0 : 1);
  }

  /**
   * The open numbers, ascending, these two among them. The kernel walks its table upwards
   * (proc_readfd_common of fs/proc/fd.c).
   */
  int[] list() {
    hold();
    if (Libc.lseek(directory, 0, Libc.SEEK_SET) != 0) {
      throw refused("lseek");
    }
    int[] numbers = entries(directory);
    if (numbers == null) {
      throw refused("getdents64");
    }
    return numbers;
  }

  /**
   * The first open number from {@code from} on, -1 when there is none. A number's place in the list
   * is two behind it, after {@code .} and {@code ..} (proc_readfd_common of fs/proc/fd.c). Not
   * before {@link #hold}.
   *
   * @throws UncheckedIOException when the system refuses the list
   */
  int next(int from) {
    if (Libc.lseek(directory, from + 2L, Libc.SEEK_SET) < 0) {
      throw refused("lseek");
    }
    long size =
        Libc.syscall(architecture.getdents64, directory, memory.address(0), ONE_ENTRY, 0, 0);
    if (size < 0) {
      throw refused("getdents64");
    }
    return size == 0 ? NONE : decimal(NAME);
  }

  /**
   * The ids of this process's threads, in the kernel's order; none when the system refuses them,
   * which is counted. Takes a number for as long as it lasts, as {@link #read}.
   */
  int[] threads() {
    int[] threads =
        with(
            ThreadSampler.TASKS,
            fd -> {
              int[] entries = entries(fd);
              if (entries == null) {
                failures.count("getdents64", Errno.name(Libc.errno()));
              }
              return entries;
            });
    return threads == null ? new int[0] : threads;
  }

  /** The names in a directory of /proc that are numbers; {@code null} when it is refused. */
  private int[] entries(int fd) {
    int[] numbers = new int[1024];
    int count = 0;
    while (true) {
      long size = Libc.syscall(architecture.getdents64, fd, memory.address(0), memory.size(), 0, 0);
      if (size < 0) {
        return null;
      }
      if (size == 0) {
        return Arrays.copyOf(numbers, count);
      }
      for (int at = 0; at < size; at += memory.u16(at + 16)) {
        int number = decimal(at + NAME);
        if (number >= 0) {
          if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
          }
          numbers[count++] = number;
        }
      }
    }
  }

  /**
   * The text of a file in /proc, or {@code null} when the system refuses it, which is counted
   * unless the file has just gone. At the limit the spare is given up meanwhile.
   */
  String read(String path) {
    return with(path, fd -> read(fd, false));
  }

  /**
   * As {@link #read}, of a file whose text the kernel makes in one piece (single_open of
   * fs/seq_file.c), so that a read that leaves room had all of it: fdinfo of a descriptor, and what
   * a thread has. Three system calls.
   */
  String readPiece(String path) {
    return with(path, fd -> read(fd, true));
  }

  /** Opens a file of /proc for as long as {@code use} lasts; {@code null} when it is refused. */
  private <T> T with(String path, IntFunction<T> use) {
    memory.putText(0, path);
    int fd = Libc.open(memory.address(0), Libc.O_CLOEXEC);
    int errno = fd < 0 ? Libc.errno() : 0;
    boolean atLimit = errno == Errno.EMFILE;
    if (atLimit) {
      hold();
      closeSpare();
      memory.putText(0, path);
      fd = Libc.open(memory.address(0), Libc.O_CLOEXEC);
      errno = fd < 0 ? Libc.errno() : 0;
    }
    try {
      if (fd >= 0) {
        return use.apply(fd);
      }
      if (errno != Errno.ENOENT && errno != Errno.ESRCH) {
        failures.count("open", Errno.name(errno));
      }
      return null;
    } finally {
      if (fd >= 0) {
        Libc.close(fd);
      }
      if (atLimit) {
        openSpare();
      }
    }
  }

  private String read(int fd, boolean piece) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      long size = Libc.read(fd, memory.address(0), memory.size());
      if (size < 0) {
        int errno = Libc.errno();
        if (errno != Errno.ENOENT && errno != Errno.ESRCH) {
          failures.count("read", Errno.name(errno));
        }
        return null;
      }
      if (size > 0) {
        all.writeBytes(memory.copy(0, (int) size));
      }
      if (size == 0 || piece && size < memory.size()) {
        return all.toString(StandardCharsets.UTF_8);
      }
    }
  }

  /** Opens what is not held, or is held no more because somebody closed it. */
  void hold() {
    if (directory != NONE && !isDirectory(directory)) {
      failures.count("hold /proc/self/fd", "closed by the application");
      directory = NONE;
    }
    if (directory == NONE) {
      // The spare is the same open directory: it serves when the number cannot be had again.
      if (spare != NONE && isDirectory(spare)) {
        directory = spare;
        spare = NONE;
      } else {
        spare = NONE;
        open();
      }
    }
    if (spare == NONE) {
      openSpare();
    }
  }

  private void open() {
    memory.putText(0, PATH);
    int fd = Libc.open(memory.address(0), Libc.O_CLOEXEC);
    if (fd < 0) {
      throw refused("open");
    }
    int error = status.read(fd);
    if (error != 0) {
      failures.count("fstat", Errno.name(error));
      Libc.close(fd);
      throw new UncheckedIOException(new IOException(PATH + ": fstat: " + Errno.name(error)));
    }
    device = status.device;
    inode = status.inode;
    directory = fd;
  }

  /** A dup, not an open: what is at its limit soon is not asked to walk a path as well. */
  private void openSpare() {
    int fd = Libc.fcntl(directory, Libc.F_DUPFD_CLOEXEC, 0);
    if (fd < 0) {
      failures.count("dup", Errno.name(Libc.errno()));
      spare = NONE;
    } else {
      spare = fd;
    }
  }

  private void closeSpare() {
    int fd = spare;
    spare = NONE;
    if (fd != NONE && isDirectory(fd)) {
      Libc.close(fd);
    }
  }

  private boolean isDirectory(int fd) {
    return status.read(fd) == 0 && status.device == device && status.inode == inode;
  }

  private UncheckedIOException refused(String operation) {
    return refused(operation, Libc.errno());
  }

  /** Counts what the system refused of the list. */
  UncheckedIOException refused(String operation, int errno) {
    failures.count(operation, Errno.name(errno));
    return new UncheckedIOException(
        new IOException(PATH + ": " + operation + ": " + Errno.name(errno)));
  }

  /** The number that a directory entry names, -1 for {@code .} and {@code ..}. */
  private int decimal(int at) {
    int number = 0;
    for (int c; (c = memory.u8(at)) != 0; at++) {
      if (c < '0' || c > '9') {
        return -1;
      }
      number = 10 * number + c - '0';
    }
    return number;
  }

  void close() {
    closeSpare();
    if (directory != NONE && isDirectory(directory)) {
      Libc.close(directory);
    }
    directory = NONE;
    memory.close();
    status.free();
  }
}
