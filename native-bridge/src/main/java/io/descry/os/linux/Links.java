package io.descry.os.linux;

import io.descry.os.Answer;
import io.descry.os.Kind;

/**
 * Reads the text of a link in /proc/self/fd. What has a path is told apart by its mode; what has
 * none bears its kind in the text, in brackets or (inotify) without.
 */
final class Links {
  private static final String ANONYMOUS = "anon_inode:";

  private Links() {}

  /**
   * The kind, as far as link and mode tell it: a socket is {@link Kind#OTHER} until its protocol is
   * known.
   *
   * @param mode {@code st_mode}, -1 when unknown
   */
  static Kind kind(String target, int mode) {
    if (target.startsWith(ANONYMOUS)) {
      return anonymous(target.substring(ANONYMOUS.length()));
    }
    if (target.startsWith("pipe:[")) {
      return Kind.PIPE;
    }
    if (target.startsWith("pidfd:[")) {
      return Kind.PIDFD;
    }
    // Neither a path nor unknown: a socket, or such as net:[n], which fstat calls a regular file.
    if (!target.isEmpty() && !target.startsWith("/") && !target.startsWith("(unreachable)")) {
      return Kind.OTHER;
    }
    return mode == -1 ? byPath(target) : byMode(target, mode);
  }

  static boolean isSocket(String target) {
    return target.startsWith("socket:[");
  }

  /** Whether /proc/self/fdinfo says of that kind what no system call does. */
  static boolean hasInfo(Kind kind) {
    return kind == Kind.EVENTPOLL || kind == Kind.EVENTFD || kind == Kind.TIMERFD;
  }

  /**
   * {@link io.descry.os.Facts#deleted}. The text does not say it: it ends in {@code " (deleted)"}
   * also where the file has another name, and a file's name may end so. A memfd never has a name;
   * sockets and anonymous inodes count one link.
   */
  static Answer deleted(Kind kind, long links) {
    return Answer.of(links == 0 && kind != Kind.MEMFD);
  }

  /**
   * Whether text and inode can be of one descriptor. A few drivers name something anonymous by a
   * path, so that a lasting no means nothing.
   */
  static boolean agrees(String target, int mode, long inode) {
    boolean typed = (mode & FileStatus.S_IFMT) != 0;
    if (target.startsWith(ANONYMOUS)) {
      return !typed || kind(target, mode) == Kind.PIDFD; // pidfs has regular files
    }
    long named = isSocket(target) || target.startsWith("pipe:[") ? inode(target) : inode;
    return typed && named == inode;
  }

  /** The inode in {@code socket:[n]} or {@code pipe:[n]}; 0 when the text has none. */
  static long inode(String target) {
    int from = target.indexOf(":[") + 2;
    if (from < 2 || !target.endsWith("]") || target.startsWith("/")) {
      return 0;
    }
    try {
      return Long.parseLong(target, from, target.length() - 1, 10);
    } catch (NumberFormatException e) {
      return 0; // A name stands there: anon_inode:[eventfd] has no inode of its own.
    }
  }

  private static Kind anonymous(String name) {
    return switch (name) {
      case "[eventpoll]" -> Kind.EVENTPOLL;
      case "[eventfd]" -> Kind.EVENTFD;
      case "[timerfd]" -> Kind.TIMERFD;
      case "[signalfd]" -> Kind.SIGNALFD;
      case "inotify", "[inotify]" -> Kind.INOTIFY;
      case "[io_uring]" -> Kind.IO_URING;
      case "[pidfd]" -> Kind.PIDFD;
      default -> Kind.OTHER;
    };
  }

  private static Kind byMode(String target, int mode) {
    return switch (mode & FileStatus.S_IFMT) {
      case 0x8000 -> isMemory(target) ? Kind.MEMFD : Kind.FILE;
      case 0x4000 -> Kind.DIRECTORY;
      case 0x2000, 0x6000 -> Kind.DEVICE;
      case 0x1000 -> Kind.PIPE;
      default -> Kind.OTHER;
    };
  }

  private static Kind byPath(String target) {
    if (isMemory(target)) {
      return Kind.MEMFD;
    }
    boolean device = target.startsWith("/dev/") && !target.startsWith("/dev/shm/");
    return device ? Kind.DEVICE : target.startsWith("/") ? Kind.FILE : Kind.OTHER;
  }

  private static boolean isMemory(String target) {
    return target.startsWith("/memfd:") && target.endsWith(" (deleted)");
  }
}
