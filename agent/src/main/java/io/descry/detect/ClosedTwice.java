package io.descry.detect;

import io.descry.os.tracer.FailedClose;
import io.descry.os.tracer.NativeObject;
import io.descry.reconcile.DoubleClose;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Owner;
import java.util.List;

/**
 * A close by native code that failed with EBADF (close(2): "fd isn't a valid open file descriptor")
 * on a number that the native tracer saw somebody close before. One is a fact and enough: it did no
 * harm only because nobody had opened the number again, as the next one may find that somebody has.
 * Costs nothing where nothing fails.
 */
final class ClosedTwice {
  static final String NAME = "double-close";

  private final Commands commands;
  private final Cases cases = new Cases(NAME);

  ClosedTwice(Commands commands) {
    this.commands = commands;
  }

  List<Finding> examine(Scan scan, List<DoubleClose> closes) {
    for (DoubleClose one : closes) {
      cases.add(
          new GroupKey(Owner.LIBRARY, one.library(), one.kind(), one.site()),
          Confidence.CERTAIN,
          new Evidence(NAME, text(one.close()), commands.failingCloses()));
    }
    return cases.findings(scan, ClosedTwice::advice);
  }

  private static String text(FailedClose close) {
    return "%s of %s was called on descriptor %d at %s%s and failed with EBADF, for %s of %s had closed it at %s; %s of %s had opened it"
        .formatted(
            close.call(),
            name(close.object()),
            close.number(),
            close.at(),
            close.thread() == null ? "" : " in thread " + close.thread(),
            close.before().close().call(),
            name(close.before().close().object()),
            close.closedBefore(),
            close.before().call(),
            name(close.before().object()));
  }

  static String name(NativeObject object) {
    return object == null ? "native code" : object.name();
  }

  private static List<String> advice(GroupKey key) {
    return List.of(
        "Find who owns the number: one of the two closes%s is one too many. Forget a number when it is closed (set it to -1) and let one place close it."
            .formatted(
                key.site()
                    .applicationFrame()
                    .map(frame -> ", the second by way of " + frame + ",")
                    .orElse("")),
        "It has failed so far because the number was free. When another thread opens something in between, the second close closes that: expect EBADF, lost connections and data in the wrong file there.",
        "Until it is mended, keep calls into %s that end in this close to one thread at a time; that makes the clash rarer, not impossible."
            .formatted(key.library().name()));
  }
}
