package io.descry.os.linux;

/**
 * What the kernel says of the inode behind an own number. Asked by {@code statx} without
 * synchronising, which never waits for a file server that does not answer; where a seccomp filter
 * written before statx existed refuses it, by {@code fstat}. For one thread at a time.
 */
final class FileStatus {
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_STATX_DONT_SYNC = 0x4000;
  private static final int STATX_TYPE_NLINK_INO_SIZE = 0x1 | 0x4 | 0x100 | 0x200;

  static final int S_IFMT = 0xf000;

  private final Architecture architecture;
  private final NativeMemory memory = new NativeMemory(264);
  private final int empty = 256;
  private boolean statx;

  long device;
  long inode;
  long size;

  /** {@code st_nlink}: how many names the inode has. */
  long links;

  /** {@code st_mode}, of which only the type is meant. */
  int mode;

  FileStatus(Architecture architecture) {
    this(architecture, true);
  }

  /** {@code statx} false: as if a filter refused it. */
  FileStatus(Architecture architecture, boolean statx) {
    this.architecture = architecture;
    this.statx = statx;
    memory.put32(empty, 0);
  }

  /** Asks about {@code fd}; 0, or the error, which leaves the fields as they were. */
  int read(int fd) {
    if (statx) {
      long result =
          Libc.syscall(
              architecture.statx,
              fd,
              memory.address(empty),
              AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
              STATX_TYPE_NLINK_INO_SIZE,
              memory.address(0));
      if (result == 0) {
        // struct statx of include/uapi/linux/stat.h
        links = memory.u32(16);
        mode = memory.u16(28);
        inode = memory.i64(32);
        size = memory.i64(40);
        device = device(memory.u32(136), memory.u32(140));
        return 0;
      }
      int errno = Libc.errno();
      if (errno != Errno.EPERM && errno != Errno.ENOSYS) {
        return errno;
      }
      statx = false;
    }
    if (Libc.syscall(architecture.fstat, fd, memory.address(0), 0, 0, 0) != 0) {
      return Libc.errno();
    }
    device = memory.i64(0);
    inode = memory.i64(8);
    size = memory.i64(48);
    mode = memory.i32(architecture.modeOffset);
    links = memory.u32(architecture.linksOffset);
    return 0;
  }

  /** As {@code st_dev} has it (new_encode_dev of include/linux/kdev_t.h). */
  static long device(long major, long minor) {
    return (minor & 0xff) | (major << 8) | ((minor & ~0xffL) << 12);
  }

  void free() {
    memory.close();
  }
}
