package io.descry.detect;

import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.OwnedDescriptor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a shell on Linux is given. The names of anonymous inodes are the kernel's (fs/eventpoll.c,
 * fs/eventfd.c, fs/timerfd.c, fs/signalfd.c, fs/notify/inotify/inotify_user.c, io_uring/io_uring.c,
 * kernel/pid.c and fs/pidfs.c).
 *
 * @param pid of the process, as it sees itself
 */
record LinuxCommands(long pid) implements Commands {
  private static final int COUNTED = 100;

  @Override
  public String count(Kind kind) {
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
      case FILE, DIRECTORY -> {
        // A scan has that directory open for a moment.
        String others = "-> /(dev/|proc/" + pid + "/fd$)";
        yield "ls -l /proc/" + pid + "/fd | grep ' -> /' | grep -vcE -- '" + others + "'";
      }
      case EVENT, SEMAPHORE, MUTANT, TIMER, THREAD, PROCESS, KEY, SECTION, IO_COMPLETION, OTHER ->
          all();
    };
  }

  @Override
  public String all() {
    return "ls /proc/" + pid + "/fd | wc -l";
  }

  @Override
  public String countOf(List<OwnedDescriptor> descriptors) {
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

  @Override
  public String count(Kind kind, List<OwnedDescriptor> descriptors) {
    boolean unlisted =
        descriptors.stream().flatMap(Scan::socket).anyMatch(LinuxCommands::isUnlisted);
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

  @Override
  public String counts(Map<Kind, List<OwnedDescriptor>> byKind) {
    return byKind.entrySet().stream()
        .map(entry -> count(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  @Override
  public String list(List<OwnedDescriptor> descriptors) {
    return in("fd", "ls -l " + some(descriptors));
  }

  @Override
  public String numbers(List<Integer> numbers) {
    return numbers.stream()
        .limit(NUMBERS)
        .map(number -> "/proc/" + pid + "/fd/" + number)
        .collect(Collectors.joining(" ", "ls -l ", ""));
  }

  @Override
  public String targets(List<OwnedDescriptor> descriptors) {
    return in("fd", "stat -Lc %d:%i " + some(descriptors) + " | sort | uniq -c");
  }

  @Override
  public String failingCloses() {
    return "timeout 10 strace -f -p " + pid + " -e trace=close 2>&1 | grep EBADF";
  }

  @Override
  public String waitAndNumber(int thread, int number) {
    return "cat /proc/%d/task/%d/syscall; ls -l /proc/%d/fd/%d".formatted(pid, thread, pid, number);
  }

  @Override
  public String sleepAndNumber(int thread, int number) {
    return "cd /proc/%d && cat task/%d/syscall && grep ^vol task/%d/status; ls -l fd/%d"
        .formatted(pid, thread, thread, number);
  }

  @Override
  public String polled(int thread, int number) {
    // struct pollfd: fd 4, events 2, revents 2. The call's first two arguments: where, how many.
    return sleepAndNumber(thread, number)
        + "; set -- $(cat task/%d/syscall); dd if=mem bs=8 count=$(($3)) skip=$(($2)) iflag=skip_bytes 2>/dev/null | od -An -v -w8 -td4 | awk '$1 == %d {print $1}'"
            .formatted(thread, number);
  }

  @Override
  public String selected(int thread, int number) {
    // One bit for each number. The call's second to fourth argument: where, 0 for no set.
    return sleepAndNumber(thread, number)
        + "; set -- $(cat task/%d/syscall); for a in $3 $4 $5; do [ $(($a)) = 0 ] || echo $(($(dd if=mem bs=1 count=1 skip=$(($a + %d)) iflag=skip_bytes 2>/dev/null | od -An -tu1) >> %d & 1)); done"
            .formatted(thread, number / 8, number % 8);
  }

  @Override
  public String inherited(int child, int number) {
    return "ls -l /proc/%d/fd/%d /proc/%d/fd/%d; grep flags /proc/%d/fdinfo/%d"
        .formatted(pid, number, child, number, pid, number);
  }

  @Override
  public String deleted(List<OwnedDescriptor> descriptors) {
    return in("fd", "stat -Lc %h " + some(descriptors) + " | grep -cx 0");
  }

  @Override
  public String withoutPeer(List<OwnedDescriptor> descriptors) {
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

  @Override
  public String unconnected(List<OwnedDescriptor> sockets) {
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

  @Override
  public String closeWait(List<OwnedDescriptor> sockets) {
    return "ss -tnp state close-wait | grep -cE '" + process(sockets) + "'";
  }

  @Override
  public String withoutBytes(List<OwnedDescriptor> sockets) {
    return "ss -tnpi | awk '/"
        + process(sockets)
        + "/ {end = /^CLOSE-WAIT/; getline; if (end) sub(/bytes_received:1 /, \"\");"
        + " if (!/bytes_(sent|received):/) c++} END {print c + 0}'";
  }

  @Override
  public String atStart(List<OwnedDescriptor> files) {
    return in("fdinfo", "grep -hE '^pos:[[:space:]]+0$' " + some(files) + " | wc -l");
  }

  @Override
  public String atZero(List<OwnedDescriptor> eventfds) {
    return in("fdinfo", "grep -hE '^eventfd-count: +0$' " + some(eventfds) + " | wc -l");
  }

  @Override
  public String watched(List<OwnedDescriptor> loops) {
    return "cd /proc/"
        + pid
        + " && for n in "
        + some(loops)
        + "; do echo $n $(awk '/^tfd:/ {print \"fd/\" $2}' fdinfo/$n | xargs -r readlink); done";
  }

  @Override
  public String unwatched(List<OwnedDescriptor> descriptors) {
    return each(descriptors, "grep -qs \"^tfd: *$n \" fdinfo/*");
  }

  @Override
  public String unpolled(List<OwnedDescriptor> loops) {
    return each(loops, "grep -qE \"^(22|232|281|426|441) 0x$(printf %x $n) \" task/*/syscall");
  }

  @Override
  public String ended(List<Integer> threads) {
    return "cd /proc/"
        + pid
        + "/task && for t in "
        + threads.stream().limit(NUMBERS).map(String::valueOf).collect(Collectors.joining(" "))
        + "; do [ -e $t ] || echo $t; done";
  }

  @Override
  public String libraries() {
    return "awk '$2 ~ /x/ && $6 ~ /^[/]/ {$1 = $2 = $3 = $4 = $5 = \"\"; print}' /proc/"
        + pid
        + "/maps | sort -u";
  }

  @Override
  public String limit() {
    return "grep 'Max open files' /proc/" + pid + "/limits";
  }

  @Override
  public String afterCollection(String command) {
    return "jcmd " + pid + " GC.run && " + command;
  }

  @Override
  public String raiseLimit(long soft, long hard) {
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
