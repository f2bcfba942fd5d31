package io.descry.detect;

import io.descry.os.Identity;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Inheritance;
import java.util.List;

/**
 * A child process that runs another program holds what native code of this one opened without
 * close-on-exec (FD_CLOEXEC of fcntl(2)): it stays open there when it is closed here. Believed of a
 * child that two scans have seen to hold it, for a helper that is about to close what it inherited
 * holds it for a moment. The JDK's own way to start processes is such a one: between fork and exec
 * it closes all numbers above 2, or has exec close them (childproc.c of libjava; tried on 17 and
 * 25), so that children of {@link ProcessBuilder} inherit nothing. Costs what {@link
 * io.descry.os.ProcessDescriptors#heldByChildren} says, and nothing where native code opens
 * everything with close-on-exec.
 */
final class InheritedByChild {
  static final String NAME = "inherited";

  private record Key(int child, int number, Identity identity) {}

  private final Commands commands;
  private final Cases cases = new Cases(NAME);
  private final SeenTwice<Key> seen = new SeenTwice<>();

  InheritedByChild(Commands commands) {
    this.commands = commands;
  }

  List<Finding> examine(Scan scan, List<Inheritance> inheritances) {
    for (Inheritance one : inheritances) {
      Key key =
          new Key(
              one.hold().child(), one.hold().number(), one.descriptor().descriptor().identity());
      if (seen.see(key, scan.tick())) {
        cases.add(
            one.descriptor().group(),
            one.hold().sameOpenFile() ? Confidence.CERTAIN : Confidence.PROBABLE,
            evidence(one));
      }
    }
    seen.forget(scan.tick());
    return cases.findings(scan, InheritedByChild::advice);
  }

  private Evidence evidence(Inheritance one) {
    int number = one.hold().number();
    String text =
        "child process %d (%s) holds descriptor %d (%s, %s) as well: it was opened without close-on-exec"
            .formatted(
                one.hold().child(),
                one.hold().name(),
                number,
                one.descriptor().descriptor().kind().label(),
                one.descriptor().descriptor().target());
    return new Evidence(NAME, text, commands.inherited(one.hold().child(), number));
  }

  private static List<String> advice(GroupKey key) {
    String who = key.library() == null ? "the native code that opens it" : key.library().name();
    return List.of(
        "Have %s open it with close-on-exec%s: O_CLOEXEC, SOCK_CLOEXEC, EFD_CLOEXEC, EPOLL_CLOEXEC, pipe2, accept4, or FD_CLOEXEC set at once."
            .formatted(who, Advice.at(key)),
        "Or start the child by ProcessBuilder, which closes all but 0, 1 and 2 in it; native code that starts it must close them itself (posix_spawn file actions, close_range).",
        key.kind().isSocket()
            ? "While the child lives, a connection that is closed here stays open, and an address stays in use after this process has ended."
            : "While the child lives, what is closed here stays open there: a pipe gets no end, a lock is not let go, the space of a deleted file is not freed.");
  }
}
