package io.descry.detect;

import io.descry.os.ThreadWait;
import io.descry.os.WaitCall;
import io.descry.reconcile.OwnedDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which thread was last seen to wait on which eventpoll or ring (the first argument of
 * epoll_wait(2) and io_uring_enter(2), as proc_pid_syscall(5) shows it). Known from one sample a
 * scan: that nobody was seen means little where few scans were made, or where a thread is always
 * busy. Remembers one entry for each number on which a thread has waited, and asks nothing: the
 * sample of the threads is taken once for all rules, at some 10 µs a thread.
 */
final class Pollers {
  private record Poll(long tick, int thread) {}

  private Map<Integer, Poll> last = Map.of();
  private Set<Integer> threads = Set.of();
  private long incomplete;

  /**
   * Takes in a scan.
   *
   * @param open the numbers that are open; what is not among them is forgotten
   */
  void learn(Scan scan, Set<Integer> open) {
    boolean complete =
        scan.waits().complete() && scan.waits().waits().stream().noneMatch(Pollers::isUnknown);
    if (!complete) {
      incomplete = scan.tick();
    }
    threads = scan.waits().threads();
    Map<Integer, Poll> now = new HashMap<>(last);
    now.keySet().retainAll(open);
    for (ThreadWait wait : scan.waits().waits()) {
      boolean polls = wait.call() == WaitCall.EPOLL_WAIT || wait.call() == WaitCall.IO_URING_ENTER;
      if (polls && wait.number() != ThreadWait.NO_NUMBER) {
        now.put(wait.number(), new Poll(scan.tick(), wait.thread()));
      }
    }
    last = now;
  }

  /** A thread in a ring that was registered waits on a number that nothing tells. */
  private static boolean isUnknown(ThreadWait wait) {
    return wait.call() == WaitCall.IO_URING_ENTER && wait.number() == ThreadWait.NO_NUMBER;
  }

  /** Whether in every scan since the descriptor was first seen every thread answered. */
  boolean isKnown(Scan scan, OwnedDescriptor owned) {
    return incomplete < scan.firstTick(owned);
  }

  /** Whether a thread was seen to wait on it, at any time of its life. */
  boolean hasWaited(Scan scan, OwnedDescriptor owned) {
    return poll(scan, owned) != null;
  }

  /** Whether a thread was seen to wait on it, and that thread has ended. */
  boolean isAbandoned(Scan scan, OwnedDescriptor owned) {
    Poll poll = poll(scan, owned);
    return poll != null && !threads.isEmpty() && !threads.contains(poll.thread);
  }

  /** The ids of the threads that have ended and were the last to wait on these. */
  List<Integer> ended(Scan scan, List<OwnedDescriptor> loops) {
    return loops.stream()
        .filter(owned -> isAbandoned(scan, owned))
        .map(owned -> poll(scan, owned).thread)
        .distinct()
        .sorted()
        .toList();
  }

  private Poll poll(Scan scan, OwnedDescriptor owned) {
    Poll poll = last.get(owned.descriptor().number());
    return poll == null || poll.tick < scan.firstTick(owned) ? null : poll;
  }
}
