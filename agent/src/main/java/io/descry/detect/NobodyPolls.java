package io.descry.detect;

import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An eventpoll that no thread has been seen to wait on in any scan of its life, or none but threads
 * that have ended since, whatever it watches: nothing that happens there is noticed by anyone.
 *
 * <p>A loop that is polled without waiting (Selector.selectNow, epoll_wait with timeout 0, or under
 * full load) is never seen in its wait. A few such loops are in order, so that many are demanded,
 * made one after the other. One that another eventpoll watches is served by way of that one, as the
 * JDK's pollers of virtual threads are (sun.nio.ch.Poller of JDK 21 and later). One that watches a
 * socket on which data moves is served as well, by a thread that looks in without waiting.
 *
 * <p>Asks the kernel nothing; costs two sets of watched numbers.
 */
final class NobodyPolls implements Sign {
  static final String NAME = "nobody-polls";

  /**
   * So many samples of a loop that is served show its thread in its wait once, but for the busy.
   */
  private static final Bound BOUND = new Bound(20, Duration.ofSeconds(10));

  private final Commands commands;
  private final int most;
  private final Pollers pollers = new Pollers();
  private Set<Integer> nested = Set.of();

  /** Sockets that an eventpoll watches and that were used of late. */
  private Set<Integer> used = Set.of();

  /** The most threads that were seen running at once: each may serve a loop that never waits. */
  private int busy;

  NobodyPolls(Commands commands, Thresholds thresholds) {
    most = thresholds.loops();
    this.commands = commands;
  }

  @Override
  public boolean servesWindows() {
    return false;
  }

  @Override
  public String rule() {
    return NAME;
  }

  @Override
  public Enough enough() {
    int more = Math.max(most, 2 * Runtime.getRuntime().availableProcessors()) + 1;
    return new Enough(more + busy, more + busy, 14);
  }

  @Override
  public void learn(Scan scan) {
    Set<Integer> loops = new HashSet<>();
    Set<Integer> watched = new HashSet<>();
    for (Group group : scan.groups().values()) {
      if (group.key().kind() == Kind.EVENTPOLL) {
        for (OwnedDescriptor owned : group.descriptors()) {
          Descriptor loop = owned.descriptor();
          loops.add(loop.number());
          watched.addAll(loop.watched() == null ? List.of() : loop.watched());
        }
      }
    }
    nested = watched;
    used = used(scan, watched);
    busy = Math.max(busy, scan.waits().running());
    pollers.learn(scan, loops);
  }

  private static Set<Integer> used(Scan scan, Set<Integer> watched) {
    if (watched.isEmpty()) {
      return Set.of();
    }
    Set<Integer> used = new HashSet<>();
    for (Group group : scan.groups().values()) {
      for (OwnedDescriptor owned : group.descriptors()) {
        int number = owned.descriptor().number();
        if (owned.descriptor().socket() != null && watched.contains(number) && scan.isUsed(owned)) {
          used.add(number);
        }
      }
    }
    return used;
  }

  @Override
  public boolean concerns(GroupKey key) {
    return key.kind() == Kind.EVENTPOLL;
  }

  @Override
  public boolean shows(Scan scan, OwnedDescriptor owned) {
    Descriptor loop = owned.descriptor();
    return loop.kind() == Kind.EVENTPOLL
        && pollers.isKnown(scan, owned)
        && !nested.contains(loop.number())
        && (loop.watched() == null || Collections.disjoint(loop.watched(), used))
        && (!pollers.hasWaited(scan, owned) || pollers.isAbandoned(scan, owned));
  }

  @Override
  public Bound bound(Scan scan, OwnedDescriptor owned) {
    return BOUND;
  }

  @Override
  public List<Evidence> evidence(Scan scan, List<OwnedDescriptor> shown, Duration shortest) {
    return evidence(scan, shown, pollers, commands);
  }

  /** What is known of the threads that wait on these, or do not. */
  static List<Evidence> evidence(
      Scan scan, List<OwnedDescriptor> loops, Pollers pollers, Commands commands) {
    List<Evidence> evidence = new ArrayList<>();
    List<OwnedDescriptor> known =
        loops.stream().filter(owned -> pollers.isKnown(scan, owned)).toList();
    List<OwnedDescriptor> never =
        known.stream().filter(owned -> !pollers.hasWaited(scan, owned)).toList();
    if (!never.isEmpty()) {
      evidence.add(
          new Evidence(
              "nobody-polls",
              "no thread was seen to wait on %d of %d in any scan"
                  .formatted(never.size(), loops.size()),
              commands.unpolled(never)));
    }
    List<Integer> ended = pollers.ended(scan, loops);
    if (!ended.isEmpty()) {
      long abandoned = loops.stream().filter(owned -> pollers.isAbandoned(scan, owned)).count();
      evidence.add(
          new Evidence(
              "dead-thread",
              "%d of %d were last waited on by threads that have ended, %d in all"
                  .formatted(abandoned, loops.size(), ended.size()),
              commands.ended(ended)));
    }
    return evidence;
  }

  @Override
  public String advice(GroupKey key) {
    return "Close the selector or loop where its thread ends%s, in finally: nobody else will look at it, nor at what is registered there."
        .formatted(Advice.at(key));
  }
}
