package io.descry.os.linux;

import io.descry.os.Answer;
import java.util.List;

/**
 * The text of /proc/self/fdinfo/N (proc_pid_fdinfo(5)). To read it costs a number and several
 * calls, so it is read only for the kinds of which it says what no call tells.
 */
record FdInfo(String text) {
  private static final int O_CLOEXEC = 0x80000;

  /** What an eventpoll watches. */
  List<Integer> watched() {
    return EpollInterest.of(text);
  }

  /** The counter of an eventfd, as {@link io.descry.os.Facts#eventCount}. */
  long eventCount() {
    String count = value("eventfd-count:");
    if (count == null) {
      return -1;
    }
    long value = Long.parseUnsignedLong(count, 16);
    return value < 0 ? Long.MAX_VALUE : value;
  }

  /** Whether a timerfd has time left to its next expiry: {@code it_value: (SECONDS, NANOS)}. */
  Answer armed() {
    String left = value("it_value:");
    return left == null ? Answer.UNKNOWN : Answer.of(!left.equals("(0, 0)"));
  }

  /** The open flags of fcntl(F_GETFL), -1 when the text does not say. */
  int flags() {
    String flags = value("flags:");
    return flags == null ? -1 : Integer.parseInt(flags, 8) & ~O_CLOEXEC;
  }

  /** The kernel adds the close-on-exec flag to the open flags (seq_show of fs/proc/fd.c). */
  Answer closeOnExec() {
    String flags = value("flags:");
    return flags == null
        ? Answer.UNKNOWN
        : Answer.of((Integer.parseInt(flags, 8) & O_CLOEXEC) != 0);
  }

  private String value(String key) {
    int at = text.startsWith(key) ? 0 : text.indexOf("\n" + key) + 1;
    if (at == 0 && !text.startsWith(key)) {
      return null;
    }
    int end = text.indexOf('\n', at);
    return text.substring(at + key.length(), end < 0 ? text.length() : end).strip();
  }
}
