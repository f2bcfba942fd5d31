package io.descry.detect;

import io.descry.os.Kind;
import io.descry.reconcile.OwnedDescriptor;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Commands that show a fact by hand. They hold numbers and fixed text only, never what came from
 * outside. The names of anonymous inodes are the kernel's (fs/eventpoll.c, fs/eventfd.c,
 * fs/timerfd.c, fs/signalfd.c, fs/notify/inotify/inotify_user.c, io_uring/io_uring.c, kernel/pid.c
 * and fs/pidfs.c).
 *
 * @param pid of the process, as it sees itself
 */
record Commands(long pid) {
  private static final int NUMBERS = 8;
  private static final int COUNTED = 100;

  /** Counts the open descriptors of a kind. */
  String count(Kind kind) {
    return switch (kind) {
      case SOCKET_TCP -> "ss -tanp | grep -c 'pid=" + pid + ",'";
      case SOCKET_UDP -> "ss -uanp | grep -c 'pid=" + pid + ",'";
      case SOCKET_UNIX -> "ss -xap | grep -c 'pid=" + pid + ",'";
      case PIPE -> grep("pipe:\\[");
      case EVENTPOLL -> grep("anon_inode:\\[eventpoll\\]");
      case EVENTFD -> grep("anon_inode:\\[eventfd");
      case TIMERFD -> grep("anon_inode:\\[timerfd\\]");
      case SIGNALFD -> grep("anon_inode:\\[signalfd\\]");
      case INOTIFY -> grep("anon_inode:inotify");
      case IO_URING -> grep("anon_inode:\\[io_uring\\]");
      case PIDFD -> grep("pidfd");
      case MEMFD -> grep("/memfd:");
      case DEVICE -> grep("-> /dev/");
      case FILE, DIRECTORY -> "ls -l /proc/" + pid + "/fd | grep ' -> /' | grep -vc -- '-> /dev/'";
      case OTHER -> all();
    };
  }

  /** Counts all open descriptors. */
  String all() {
    return "ls /proc/" + pid + "/fd | wc -l";
  }

  /**
   * Counts those of the descriptors that are still open; of very many, all of the kind or of the
   * process.
   */
  String countOf(List<OwnedDescriptor> descriptors) {
    if (descriptors.size() > COUNTED) {
      List<Kind> kinds =
          descriptors.stream().map(owned -> owned.descriptor().kind()).distinct().toList();
      return kinds.size() == 1 ? count(kinds.get(0)) : all();
    }
    return descriptors.stream()
        .map(owned -> owned.descriptor().number())
        .sorted()
        .map(String::valueOf)
        .collect(Collectors.joining(" ", "cd /proc/" + pid + "/fd && ls -d ", " | wc -l"));
  }

  /** Lists the first few of the descriptors. */
  String list(List<OwnedDescriptor> descriptors) {
    return numbers(descriptors.stream().map(owned -> owned.descriptor().number()).toList());
  }

  String numbers(List<Integer> numbers) {
    return "ls -l "
        + numbers.stream()
            .limit(NUMBERS)
            .map(number -> "/proc/" + pid + "/fd/" + number)
            .collect(Collectors.joining(" "));
  }

  /** The other ends of pipes: who has the same inode open. */
  String pipeEnds(List<OwnedDescriptor> pipes) {
    return list(pipes) + "; ls -l /proc/[0-9]*/fd 2>&- | grep 'pipe:\\['";
  }

  /** What the first few eventpolls watch: lines that begin with {@code tfd:}. */
  String watched(List<OwnedDescriptor> loops) {
    return loops.stream()
        .limit(NUMBERS)
        .map(owned -> "/proc/" + pid + "/fdinfo/" + owned.descriptor().number())
        .collect(Collectors.joining(" ", "grep tfd ", ""));
  }

  /** What each thread waits in: number of the call and its arguments, the first is the number. */
  String waits() {
    return "cat /proc/" + pid + "/task/*/syscall";
  }

  /** Shows the closes that fail from now on, by thread; strace(1) slows the process down. */
  String failingCloses() {
    return "strace -f -p " + pid + " -e trace=close 2>&1 | grep EBADF";
  }

  /**
   * What a thread waits in, its number first among the arguments, and that the number is closed.
   */
  String waitAndNumber(int thread, int number) {
    return "cat /proc/%d/task/%d/syscall; ls -l /proc/%d/fd/%d".formatted(pid, thread, pid, number);
  }

  /** What a number leads to here and in a child, and its flags: 02000000 is close-on-exec. */
  String inherited(int child, int number) {
    return "ls -l /proc/%d/fd/%d /proc/%d/fd/%d; grep flags /proc/%d/fdinfo/%d"
        .formatted(pid, number, child, number, pid, number);
  }

  String closeWait() {
    return "ss -tnp state close-wait | grep -c 'pid=" + pid + ",'";
  }

  String libraries() {
    return "grep -E '\\.so' /proc/" + pid + "/maps | awk '{print $6}' | sort -u";
  }

  String limit() {
    return "grep 'Max open files' /proc/" + pid + "/limits";
  }

  /** Runs a garbage collection before another command. */
  String afterCollection(String command) {
    return "jcmd " + pid + " GC.run && " + command;
  }

  String raiseLimit(long soft, long hard) {
    return "prlimit --pid "
        + pid
        + " --nofile="
        + soft
        + ":"
        + (hard == Long.MAX_VALUE ? "unlimited" : hard);
  }

  private String grep(String pattern) {
    return "ls -l /proc/" + pid + "/fd | grep -c -- '" + pattern + "'";
  }
}
