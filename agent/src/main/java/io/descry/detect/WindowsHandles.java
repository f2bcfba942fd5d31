package io.descry.detect;

import io.descry.os.Kind;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Owner;
import java.util.Collection;

/** Handles of Windows that come and go by HotSpot's and the JDK's design, and are no leaks. */
final class WindowsHandles {
  /** Those of HotSpot, and as many for what else waits in a thread. */
  private static final int EVENTS_A_THREAD = 6;

  private WindowsHandles() {}

  /**
   * How many of a group may be events that HotSpot has for the threads that are there now: one in
   * {@code OSThread}, one each in the thread's {@code ParkEvent} and {@code Parker} (os_windows.cpp
   * and park.hpp, 17 to 25), which are kept for the next thread when one ends. A pool of threads
   * that fills must not pass for a leak of events.
   */
  static long ofThreads(GroupKey key, Collection<Group> groups) {
    if (key.kind() != Kind.EVENT || key.owner() != Owner.FOREIGN) {
      return 0;
    }
    return groups.stream()
        .filter(group -> group.key().kind() == Kind.THREAD)
        .mapToLong(group -> (long) EVENTS_A_THREAD * group.descriptors().size())
        .sum();
  }

  /**
   * Whether nothing but the garbage collector ever closes those of a group, so that how many there
   * are says when it last ran: the handles of children (java.lang.ProcessImpl, 17 to 25).
   */
  static boolean leftToCollector(GroupKey key) {
    return key.kind() == Kind.PROCESS && key.owner() == Owner.JAVA;
  }
}
