package io.descry.detect;

import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.OwnedDescriptor;
import java.util.List;
import java.util.Map;
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
  /** Descriptors named in one command. */
  static final int NUMBERS = 12;

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

  /** Counts at least these: unconnected sockets are in no list of sockets, only in that of all. */
  String count(Kind kind, List<OwnedDescriptor> descriptors) {
    boolean unlisted = descriptors.stream().flatMap(Scan::socket).anyMatch(Commands::isUnlisted);
    return kind.isSocket() && (descriptors.isEmpty() || unlisted)
        ? grep("socket:\\[")
        : count(kind);
  }

  private static boolean isUnlisted(Socket socket) {
    return switch (socket.stage()) {
      case CREATED, BOUND, OVER -> true;
      default -> false;
    };
  }

  /** Counts at least these, a line for each kind. */
  String counts(Map<Kind, List<OwnedDescriptor>> byKind) {
    return byKind.entrySet().stream()
        .map(entry -> count(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  /** Lists the descriptors, a line for each. */
  String list(List<OwnedDescriptor> descriptors) {
    return in("fd", "ls -l " + some(descriptors));
  }

  String numbers(List<Integer> numbers) {
    return numbers.stream()
        .limit(NUMBERS)
        .map(number -> "/proc/" + pid + "/fd/" + number)
        .collect(Collectors.joining(" ", "ls -l ", ""));
  }

  /** How many of the descriptors lead to one target: a line for each target. */
  String targets(List<OwnedDescriptor> descriptors) {
    return in("fd", "stat -Lc %d:%i " + some(descriptors) + " | sort | uniq -c");
  }

  /**
   * Shows the closes that fail in the next seconds, by thread; strace(1) slows the process down
   * meanwhile, so that it must not be left running.
   */
  String failingCloses() {
    return "timeout 10 strace -f -p " + pid + " -e trace=close 2>&1 | grep EBADF";
  }

  /**
   * What a thread waits in, its number first among the arguments, and that the number is closed.
   */
  String waitAndNumber(int thread, int number) {
    return "cat /proc/%d/task/%d/syscall; ls -l /proc/%d/fd/%d".formatted(pid, thread, pid, number);
  }

  /** As {@link #waitAndNumber}, and how often the thread has gone to sleep. */
  String sleepAndNumber(int thread, int number) {
    return "cd /proc/%d && cat task/%d/syscall && grep ^vol task/%d/status; ls -l fd/%d"
        .formatted(pid, thread, thread, number);
  }

  /** As {@link #sleepAndNumber}, and the number again if it is among those that poll(2) has. */
  String polled(int thread, int number) {
    // struct pollfd: fd 4, events 2, revents 2. The call's first two arguments: where, how many.
    return sleepAndNumber(thread, number)
        + "; set -- $(cat task/%d/syscall); dd if=mem bs=8 count=$(($3)) skip=$(($2)) iflag=skip_bytes 2>/dev/null | od -An -v -w8 -td4 | awk '$1 == %d {print $1}'"
            .formatted(thread, number);
  }

  /** As {@link #sleepAndNumber}, and 1 for each set of select(2) that has the number. */
  String selected(int thread, int number) {
    // One bit for each number. The call's second to fourth argument: where, 0 for no set.
    return sleepAndNumber(thread, number)
        + "; set -- $(cat task/%d/syscall); for a in $3 $4 $5; do [ $(($a)) = 0 ] || echo $(($(dd if=mem bs=1 count=1 skip=$(($a + %d)) iflag=skip_bytes 2>/dev/null | od -An -tu1) >> %d & 1)); done"
            .formatted(thread, number / 8, number % 8);
  }

  /** What a number leads to here and in a child, and its flags: 02000000 is close-on-exec. */
  String inherited(int child, int number) {
    return "ls -l /proc/%d/fd/%d /proc/%d/fd/%d; grep flags /proc/%d/fdinfo/%d"
        .formatted(pid, number, child, number, pid, number);
  }

  /** Counts those that lead to what has no name: its link count is 0. */
  String deleted(List<OwnedDescriptor> descriptors) {
    return in("fd", "stat -Lc %h " + some(descriptors) + " | grep -cx 0");
  }

  /** A line for each of the descriptors that has no other end. */
  String withoutPeer(List<OwnedDescriptor> descriptors) {
    return switch (descriptors.get(0).descriptor().kind()) {
      case PIPE -> pipesOfOneEnd(descriptors);
      case SOCKET_UNIX ->
          "ss -xnp | grep -E '" + process(descriptors) + "' | awk '$NF ~ /pid=/ && $(NF-1) == 0'";
      default -> unless("$4 == \"01\"", descriptors);
    };
  }

  /** Pipes of which all the numbers that any process has can read, or all can write. */
  private String pipesOfOneEnd(List<OwnedDescriptor> pipes) {
    return "ls -l /proc/[0-9]*/fd 2>/dev/null | grep -F \"$("
        + in("fd", "readlink " + some(pipes))
        + ")\" | awk '{m[$NF] = m[$NF] substr($1, 2, 2)}"
        + " END {for (p in m) if (m[p] !~ /r/ || m[p] !~ /w/) print p}'";
  }

  /** A line for each of these sockets that is neither connected nor listening. */
  String unconnected(List<OwnedDescriptor> sockets) {
    return unless("$4 != \"07\"", sockets);
  }

  /** A line for each of these sockets that no line of the kernel's tables shows in that state. */
  private String unless(String state, List<OwnedDescriptor> sockets) {
    return each(
        sockets,
        "cat net/tcp net/tcp6 2>/dev/null | awk -v i=\"$(readlink fd/$n)\" '\"socket:[\" $10 \"]\" == i && "
            + state
            + " {f = 1} END {exit !f}'");
  }

  /** Counts those of these sockets of which the peer has closed and this side has not. */
  String closeWait(List<OwnedDescriptor> sockets) {
    return "ss -tnp state close-wait | grep -cE '" + process(sockets) + "'";
  }

  /**
   * Counts those of these sockets that have carried no data. Of what is 0 ss says nothing, and the
   * end of the peer's data counts as one byte received (tcp_fin of net/ipv4/tcp_input.c).
   */
  String withoutBytes(List<OwnedDescriptor> sockets) {
    return "ss -tnpi | awk '/"
        + process(sockets)
        + "/ {end = /^CLOSE-WAIT/; getline; if (end) sub(/bytes_received:1 /, \"\");"
        + " if (!/bytes_(sent|received):/) c++} END {print c + 0}'";
  }

  /** Counts those of these files whose position is 0. */
  String atStart(List<OwnedDescriptor> files) {
    return in("fdinfo", "grep -hE '^pos:[[:space:]]+0$' " + some(files) + " | wc -l");
  }

  /** Counts those of these eventfds whose counter is 0. */
  String atZero(List<OwnedDescriptor> eventfds) {
    return in("fdinfo", "grep -hE '^eventfd-count: +0$' " + some(eventfds) + " | wc -l");
  }

  /** What each of these eventpolls watches: a line with its number, and where that leads. */
  String watched(List<OwnedDescriptor> loops) {
    return "cd /proc/"
        + pid
        + " && for n in "
        + some(loops)
        + "; do echo $n $(awk '/^tfd:/ {print \"fd/\" $2}' fdinfo/$n | xargs -r readlink); done";
  }

  /** A line for each of these that is in no epoll set. */
  String unwatched(List<OwnedDescriptor> descriptors) {
    return each(descriptors, "grep -qs \"^tfd: *$n \" fdinfo/*");
  }

  /**
   * A line for each of these that no thread waits on now, in epoll_pwait of aarch64 or epoll_wait,
   * epoll_pwait of x86-64, or in io_uring_enter or epoll_pwait2 of both.
   */
  String unpolled(List<OwnedDescriptor> loops) {
    return each(loops, "grep -qE \"^(22|232|281|426|441) 0x$(printf %x $n) \" task/*/syscall");
  }

  /** A line for each of these threads that is no more. */
  String ended(List<Integer> threads) {
    return "cd /proc/"
        + pid
        + "/task && for t in "
        + threads.stream().limit(NUMBERS).map(String::valueOf).collect(Collectors.joining(" "))
        + "; do [ -e $t ] || echo $t; done";
  }

  /** The files of which code is loaded, libraries among them. */
  String libraries() {
    return "awk '$2 ~ /x/ && $6 ~ /^[/]/ {$1 = $2 = $3 = $4 = $5 = \"\"; print}' /proc/"
        + pid
        + "/maps | sort -u";
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

  /** Runs a command in one of the process's directories of descriptors. */
  private String in(String directory, String command) {
    return "cd /proc/" + pid + "/" + directory + " && " + command;
  }

  /** A line for each number of which a command fails. */
  private String each(List<OwnedDescriptor> descriptors, String command) {
    return "cd /proc/"
        + pid
        + " && for n in "
        + some(descriptors)
        + "; do "
        + command
        + " || echo $n; done";
  }

  /** How ss names these descriptors of this process. */
  private String process(List<OwnedDescriptor> descriptors) {
    return "pid=" + pid + ",fd=(" + some(descriptors).replace(' ', '|') + ")\\)";
  }

  private static String some(List<OwnedDescriptor> descriptors) {
    return descriptors.stream()
        .limit(NUMBERS)
        .map(owned -> String.valueOf(owned.descriptor().number()))
        .collect(Collectors.joining(" "));
  }

  private String grep(String pattern) {
    return "ls -l /proc/" + pid + "/fd | grep -c -- '" + pattern + "'";
  }
}
