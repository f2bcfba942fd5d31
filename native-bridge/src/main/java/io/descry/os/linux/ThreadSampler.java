package io.descry.os.linux;

import io.descry.os.Blind;
import io.descry.os.ThreadWait;
import io.descry.os.ThreadWaits;
import java.io.File;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

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

  private final SystemCalls calls;
  private final UnaryOperator<String> reader;
  private final IntPredicate isClosed;
  private volatile Blind blind;
  private int last;

  /**
   * A sampler that has asked nobody yet.
   *
   * @param architecture {@code null} when it is not known here, so that nothing can be told
   * @param reader gives the text of a file, {@code null} when there is none or it is refused
   */
  ThreadSampler(Architecture architecture, UnaryOperator<String> reader) {
    this(architecture, reader, number -> false);
  }

  /**
   * A sampler that has asked nobody yet.
   *
   * @param isClosed whether the kernel says of a number that it is not open
   */
  ThreadSampler(Architecture architecture, UnaryOperator<String> reader, IntPredicate isClosed) {
    this.isClosed = isClosed;
    calls = architecture == null ? null : new SystemCalls(architecture);
    this.reader = reader;
  }

  /** What is not seen, as soon as a thread was refused; {@code null} before. */
  Blind blind() {
    return blind;
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
        waits.add(isClosedUnder(wait, text, task) ? closed(wait) : wait);
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
