package io.descry.os.linux;

import io.descry.os.Blind;
import io.descry.os.ThreadStay;
import io.descry.os.ThreadWait;
import io.descry.os.ThreadWaits;
import io.descry.os.WaitCall;
import java.io.File;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks what threads wait in: /proc/self/task/N/syscall, which the kernel lets every process read of
 * its own threads (same_thread_group in __ptrace_may_access of kernel/ptrace.c), unless the process
 * may not be dumped (prctl(2) PR_SET_DUMPABLE) or the kernel does not have the file
 * (CONFIG_HAVE_ARCH_TRACEHOOK). A thread is not disturbed by it. For one thread at a time.
 */
final class ThreadSampler {
  static final String TASKS = "/proc/self/task";

  /** How many threads are asked at a time: some 10 µs each. */
  static final int AT_ONCE = 256;

  /** In /proc/N/task/N/status (proc_pid_status(5)); a line break in the name is escaped there. */
  private static final String SLEEPS = "\nvoluntary_ctxt_switches:\t";

  /** The field of /proc/N/task/N/stat (proc_pid_stat(5)), counted from 1. */
  private static final int STARTED = 22;

  private final SystemCalls calls;
  private final UnaryOperator<String> reader;
  private final IntPredicate isClosed;
  private final PolledNumbers polled;
  private volatile Blind blind;
  private volatile Blind blindOfPolled;
  private int last;

  /**
   * A sampler that has asked nobody yet.
   *
   * @param architecture {@code null} when it is not known here, so that nothing can be told
   * @param reader gives the text of a file, {@code null} when there is none or it is refused
   */
  ThreadSampler(Architecture architecture, UnaryOperator<String> reader) {
    this(architecture, reader, number -> false, null);
  }

  /**
   * A sampler that has asked nobody yet.
   *
   * @param isClosed whether the kernel says of a number that it is not open
   * @param polled reads what poll(2) was given; {@code null}: that is not told
   */
  ThreadSampler(
      Architecture architecture,
      UnaryOperator<String> reader,
      IntPredicate isClosed,
      PolledNumbers polled) {
    this.isClosed = isClosed;
    this.polled = polled;
    calls = architecture == null ? null : new SystemCalls(architecture);
    this.reader = reader;
  }

  /** What is not seen, as soon as it was refused; empty before. */
  List<Blind> blind() {
    return Stream.of(blind, blindOfPolled).filter(Objects::nonNull).toList();
  }

  /** Asks at most {@link #AT_ONCE} of these threads, beginning behind the last one asked. */
  ThreadWaits sample(Instant at, int[] threads) {
    Arrays.sort(threads);
    Set<Integer> all = Arrays.stream(threads).boxed().collect(Collectors.toSet());
    if (calls == null) {
      blinded("no system call numbers for this processor");
      return new ThreadWaits(at, all, List.of(), 0, 0, threads.length);
    }
    int asked = Math.min(threads.length, AT_ONCE);
    int first = Arrays.binarySearch(threads, last + 1);
    first = first < 0 ? -first - 1 : first;
    List<ThreadWait> waits = new ArrayList<>(asked);
    int running = 0;
    int refused = 0;
    for (int i = 0; i < asked; i++) {
      last = threads[(first + i) % threads.length];
      String task = TASKS + "/" + last;
      String text = reader.apply(task + "/syscall");
      if (text == null) {
        if (new File(task).exists()) {
          refused++;
        } else {
          all.remove(last); // ended since the list was made
        }
        continue;
      }
      ThreadWait wait = calls.wait(last, text);
      if (wait == null) {
        running++;
      } else {
        waits.add(isClosedUnder(wait, text, task) ? closed(wait) : withPolled(wait, text, task));
      }
    }
    if (refused > 0) {
      blinded(TASKS + "/N/syscall was refused, or this kernel does not have it");
    }
    return new ThreadWaits(at, all, waits, running, threads.length - asked, refused);
  }

  /**
   * That the number is closed is known only if the thread was in the same call before and after it
   * was asked about.
   */
  private boolean isClosedUnder(ThreadWait wait, String text, String task) {
    return wait.number() >= 0
        && isClosed.test(wait.number())
        && text.equals(reader.apply(task + "/syscall"));
  }

  private static ThreadWait closed(ThreadWait wait) {
    return new ThreadWait(wait.thread(), wait.call(), wait.number(), true);
  }

  private ThreadWait withPolled(ThreadWait wait, String text, String task) {
    boolean polls = wait.call() == WaitCall.POLL || wait.call() == WaitCall.SELECT;
    if (!polls || polled == null) {
      return wait;
    }
    try {
      return new ThreadWait(
          wait.thread(),
          wait.call(),
          wait.number(),
          false,
          SystemCalls.polled(wait.call(), text, polled));
    } catch (IOException e) {
      // Of a thread that has left the call meanwhile, what it was given may be gone.
      if (blindOfPolled == null && text.equals(reader.apply(task + "/syscall"))) {
        blindOfPolled = new Blind("which descriptors threads poll", Instant.now(), e.getMessage());
      }
      return wait;
    }
  }

  /**
   * What a thread has counted so far, for a later call to compare with.
   *
   * @return {@code null} when there is no such thread, or the system does not say
   */
  ThreadStay stay(int thread) {
    String status = reader.apply(TASKS + "/" + thread + "/status");
    // After the count: the thread that started then is the one that was counted, unless it ended
    // between; then the next one's start is another.
    String stat = status == null ? null : reader.apply(TASKS + "/" + thread + "/stat");
    int at = stat == null ? -1 : status.indexOf(SLEEPS);
    if (at < 0) {
      return null;
    }
    String count = status.substring(at + SLEEPS.length(), status.indexOf('\n', at + 1));
    // The name, in parentheses, may have any character in it; the state behind it is field 3.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return new ThreadStay(Long.parseLong(fields[STARTED - 3]), Long.parseLong(count));
  }

  /** The kernel's name of a thread; {@code null} when there is none. */
  String name(int thread) {
    String name = reader.apply(TASKS + "/" + thread + "/comm");
    return name == null || !name.endsWith("\n") ? name : name.substring(0, name.length() - 1);
  }

  private void blinded(String why) {
    if (blind == null) {
      blind = new Blind("which descriptors threads wait on", Instant.now(), why);
    }
  }
}
