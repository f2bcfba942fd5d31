package io.descry.detect;

import io.descry.os.ThreadWait;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.LostWait;
import java.util.List;

/**
 * A thread waits in a system call on a number that was closed while the thread was using it. The
 * kernel does not wake the thread and keeps the open file for it until the call ends (close(2),
 * NOTES, "Multithreaded processes and close()"), and the thread's next call goes to whatever has
 * the number by then. Believed when two scans have seen the same thread in it. Costs one fcntl(2)
 * for each thread that waits on a number, and six system calls for each that waits on one that
 * native code beside the JDK opened.
 */
final class CloseUnderUse {
  static final String NAME = "close-under-use";

  private record Key(int thread, int number, long generation) {}

  private final Commands commands;
  private final Cases cases = new Cases(NAME);
  private final SeenTwice<Key> seen = new SeenTwice<>();

  CloseUnderUse(Commands commands) {
    this.commands = commands;
  }

  List<Finding> examine(Scan scan, List<LostWait> waits) {
    for (LostWait wait : waits) {
      Key key = new Key(wait.waiting().thread(), wait.number(), wait.use().generation());
      if (seen.see(key, scan.tick())) {
        cases.add(
            wait.group(), wait.sure() ? Confidence.CERTAIN : Confidence.PROBABLE, evidence(wait));
      }
    }
    seen.forget(scan.tick());
    return cases.findings(scan, CloseUnderUse::advice);
  }

  private Evidence evidence(LostWait lost) {
    int thread = lost.waiting().thread();
    String who =
        "thread %s (%d) waits in %s"
            .formatted(lost.thread(), thread, lost.waiting().call().label());
    String closed =
        "%s of %s closed it at %s, %s of %s had opened it"
            .formatted(
                lost.close().call(),
                ClosedTwice.name(lost.close().object()),
                lost.closed(),
                lost.use().call(),
                ClosedTwice.name(lost.use().object()));
    String what =
        lost.next() != null
            ? " on what descriptor %d was, and another is now: %s; %s of %s has opened the number again"
                .formatted(
                    lost.number(),
                    closed,
                    lost.next().call(),
                    ClosedTwice.name(lost.next().object()))
            : lost.waiting().number() == ThreadWait.NO_NUMBER
                ? " on descriptors of which %d is closed: %s".formatted(lost.number(), closed)
                : " on descriptor %d, which is closed: %s".formatted(lost.number(), closed);
    String slept =
        lost.stay() == null
            ? ""
            : ". The thread has slept all the while, voluntary_ctxt_switches is still %d"
                .formatted(lost.stay().sleeps());
    return new Evidence(NAME, who + what + slept, check(lost));
  }

  private String check(LostWait lost) {
    int thread = lost.waiting().thread();
    return switch (lost.waiting().call()) {
      case POLL -> commands.polled(thread, lost.number());
      case SELECT -> commands.selected(thread, lost.number());
      default ->
          lost.next() == null
              ? commands.waitAndNumber(thread, lost.number())
              : commands.sleepAndNumber(thread, lost.number());
    };
  }

  private static List<String> advice(GroupKey key) {
    return List.of(
        "Let the thread leave before %s closes the number%s: wake it (shutdown(2) for a socket, a byte in a pipe or an eventfd that it waits on as well), wait until it has left, then close."
            .formatted(key.library().name(), Advice.at(key)),
        "When the thread calls again it reads, accepts or waits on whatever has got the number by then; until then what it waits on stays open unseen, though no number leads to it.");
  }
}
