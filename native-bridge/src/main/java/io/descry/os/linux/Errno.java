package io.descry.os.linux;

import java.util.Map;

/** Error numbers of Linux, equal on x86-64 and aarch64 (include/uapi/asm-generic/errno*.h). */
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ESRCH = 3;
  static final int EBADF = 9;
  static final int EINVAL = 22;
  static final int EMFILE = 24;
  static final int ENOTSOCK = 88;
  static final int ENOSYS = 38;
  static final int ENOTCONN = 107;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(EPERM, "EPERM"),
          Map.entry(ENOENT, "ENOENT"),
          Map.entry(ESRCH, "ESRCH"),
          Map.entry(4, "EINTR"),
          Map.entry(5, "EIO"),
          Map.entry(EBADF, "EBADF"),
          Map.entry(11, "EAGAIN"),
          Map.entry(12, "ENOMEM"),
          Map.entry(13, "EACCES"),
          Map.entry(14, "EFAULT"),
          Map.entry(19, "ENODEV"),
          Map.entry(20, "ENOTDIR"),
          Map.entry(EINVAL, "EINVAL"),
          Map.entry(23, "ENFILE"),
          Map.entry(EMFILE, "EMFILE"),
          Map.entry(25, "ENOTTY"),
          Map.entry(29, "ESPIPE"),
          Map.entry(36, "ENAMETOOLONG"),
          Map.entry(ENOSYS, "ENOSYS"),
          Map.entry(40, "ELOOP"),
          Map.entry(75, "EOVERFLOW"),
          Map.entry(ENOTSOCK, "ENOTSOCK"),
          Map.entry(92, "ENOPROTOOPT"),
          Map.entry(95, "EOPNOTSUPP"),
          Map.entry(99, "EADDRNOTAVAIL"),
          Map.entry(104, "ECONNRESET"),
          Map.entry(ENOTCONN, "ENOTCONN"),
          Map.entry(112, "EHOSTDOWN"),
          Map.entry(116, "ESTALE"));

  private Errno() {}

  /** The symbolic name, or {@code errno N} for one that Descry does not expect. */
  static String name(int errno) {
    return NAMES.getOrDefault(errno, "errno " + errno);
  }
}
