package io.descry.detect;

import io.descry.os.Answer;
import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Numbered;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An eventpoll that in no scan of its life has watched more than wake-up descriptors: an event loop
 * with nothing to do. One, or a pool of them, is in order; that ever more of them come, each with
 * nothing to do for all of its life, is not, whether a thread waits on each or not.
 *
 * <p>Which thread waits on what is known from samples; that no thread was ever seen to wait is
 * evidence, and demanded only of rings, whose operations nothing tells.
 */
final class EmptyLoop implements Sign {
  static final String NAME = "empty-loop";

  private static final Bound BOUND = new Bound(5, Duration.ZERO);

  private final Commands commands;
  private final int most;
  private final Pollers pollers = new Pollers();

  /** Of what any loop watches, what is open. */
  private Map<Integer, Descriptor> open = Map.of();

  /** Inodes of pipes of which both ends are here. */
  private Set<Long> ownPipes = Set.of();

  EmptyLoop(Commands commands, Thresholds thresholds) {
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
    // Two loops for each processor are what Netty and others begin with.
    int more = Math.max(most, 2 * Runtime.getRuntime().availableProcessors()) + 1;
    return new Enough(more, more, 12);
  }

  @Override
  public void learn(Scan scan) {
    open = new HashMap<>();
    if (scan.groups().keySet().stream().noneMatch(EmptyLoop::isLoops)) {
      pollers.learn(scan, Set.of());
      return;
    }
    Set<Integer> loops = new HashSet<>();
    Numbered<Boolean> watched = new Numbered<>();
    for (Group group : scan.groups().values()) {
      if (isLoops(group.key())) {
        for (OwnedDescriptor owned : group.descriptors()) {
          loops.add(owned.descriptor().number());
          if (owned.descriptor().watched() != null) {
            owned.descriptor().watched().forEach(number -> watched.put(number, true));
          }
        }
      }
    }
    Set<Long> pipes = new HashSet<>();
    ownPipes = new HashSet<>();
    for (Group group : scan.groups().values()) {
      boolean isPipes = group.key().kind() == Kind.PIPE;
      for (OwnedDescriptor owned : group.descriptors()) {
        Descriptor descriptor = owned.descriptor();
        if (watched.get(descriptor.number()) != null) {
          open.put(descriptor.number(), descriptor);
        }
        if (isPipes && !pipes.add(descriptor.inode())) {
          ownPipes.add(descriptor.inode());
        }
      }
    }
    pollers.learn(scan, loops);
  }

  @Override
  public boolean concerns(GroupKey key) {
    return isLoops(key);
  }

  @Override
  public boolean shows(Scan scan, OwnedDescriptor owned) {
    Descriptor descriptor = owned.descriptor();
    return switch (descriptor.kind()) {
      case EVENTPOLL ->
          descriptor.watched() != null
              && descriptor.watched().stream().allMatch(number -> isWakeUp(open.get(number)));
      case IO_URING -> pollers.isKnown(scan, owned) && !pollers.hasWaited(scan, owned);
      default -> false;
    };
  }

  private static boolean isLoops(GroupKey key) {
    return key.kind() == Kind.EVENTPOLL || key.kind() == Kind.IO_URING;
  }

  /** What an event loop watches to be woken up, and what is closed. */
  private boolean isWakeUp(Descriptor descriptor) {
    if (descriptor == null) {
      return true;
    }
    return switch (descriptor.kind()) {
      case EVENTFD -> true;
      case TIMERFD -> descriptor.facts().armed() != Answer.YES;
      case PIPE -> ownPipes.contains(descriptor.inode());
      case SOCKET_UNIX -> isPair(descriptor.socket());
      default -> false;
    };
  }

  /** One end of a socketpair(2), by which some libraries wake themselves up, has no address. */
  private static boolean isPair(Socket socket) {
    return socket != null && socket.local().isEmpty() && socket.remote().isEmpty();
  }

  @Override
  public Bound bound(Scan scan, OwnedDescriptor owned) {
    return BOUND;
  }

  @Override
  public boolean sinceBirth() {
    return true;
  }

  @Override
  public List<Evidence> evidence(Scan scan, List<OwnedDescriptor> shown, Duration shortest) {
    List<Evidence> evidence = new ArrayList<>();
    if (shown.get(0).descriptor().kind() == Kind.EVENTPOLL) {
      evidence.add(
          new Evidence(
              "empty-loop",
              "%d event loops have watched nothing but wake-up descriptors in every scan of their life, %s or longer, and more keep coming"
                  .formatted(shown.size(), Headroom.words(shortest)),
              commands.watched(shown)));
    }
    evidence.addAll(NobodyPolls.evidence(scan, shown, pollers, commands));
    return evidence;
  }

  @Override
  public String advice(GroupKey key) {
    return "Shut down each event loop that is made%s, or make one and share it: close() of a loop or client, shutdownGracefully() of a group, uv_loop_close() after all of its handles."
        .formatted(Advice.at(key));
  }
}
