package io.descry.detect;

import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A non-blocking descriptor that an event-loop library opened and that is in no epoll set of this
 * process: its loop has forgotten it.
 *
 * <p>Netty puts a channel into its loop's set when it is registered and takes it out when it is
 * deregistered or closed (EpollIoHandler, EpollEventLoop: EPOLL_CTL_ADD, EPOLL_CTL_DEL), whether it
 * reads or not; its eventfd and timerfd are in there from the start. The pipes that it splices
 * through are in none. libuv watches a handle only while it is started (uv__io_start, uv__io_stop
 * of src/unix/core.c), so that a connection on which nobody reads is in no set, in order: it counts
 * only when it moves no data either. What cannot tell that, datagrams and unix sockets, does not
 * count there, nor the writing end of a pipe, such as each loop has for signals. A pool that is
 * filled ahead looks the same, but makes no new connection to an address to which it has idle ones:
 * so a connection of libuv's counts when a newer one to the same address was made long after.
 *
 * <p>Where a set cannot be read, or where a ring may wait for the same (io_uring; those of libuv
 * run only file operations and epoll_ctl, src/unix/linux.c), nothing is known and nothing shows.
 *
 * <p>Asks the kernel nothing that a scan does not ask anyway; costs one set of all watched numbers.
 */
final class Orphan implements Sign {
  static final String NAME = "orphan";

  private static final Bound BOUND = new Bound(8, Duration.ofSeconds(30));
  private static final String NETTY = "netty-transport-native-";
  private static final Set<String> LIBUV = Set.of("libuv", "javet");

  // Equal on x86-64 and aarch64: include/uapi/asm-generic/fcntl.h
  private static final int O_NONBLOCK = 04000;
  private static final int O_ACCMODE = 3;
  private static final int O_RDONLY = 0;

  private final Commands commands;
  private final int most;

  /** What all eventpolls watch; {@code null} when that is not known. */
  private Set<Integer> watched;

  Orphan(Commands commands, Thresholds thresholds) {
    most = thresholds.unused();
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
    return new Enough(most + 1, most + 1, 12);
  }

  @Override
  public void learn(Scan scan) {
    Set<Integer> all = new HashSet<>();
    for (Group group : scan.groups().values()) {
      if (group.key().kind() == Kind.IO_URING && !isOf(group.key(), LIBUV)) {
        watched = null;
        return;
      }
      if (group.key().kind() == Kind.EVENTPOLL) {
        for (OwnedDescriptor owned : group.descriptors()) {
          if (owned.descriptor().watched() == null) {
            watched = null;
            return;
          }
          all.addAll(owned.descriptor().watched());
        }
      }
    }
    watched = all;
  }

  @Override
  public boolean concerns(GroupKey key) {
    return watched != null && (isOf(key, LIBUV) || isNettys(key));
  }

  @Override
  public boolean shows(Scan scan, OwnedDescriptor owned) {
    Descriptor descriptor = owned.descriptor();
    return watched != null
        && !watched.contains(descriptor.number())
        && descriptor.flags() != -1
        && (descriptor.flags() & O_NONBLOCK) != 0
        && isForALoop(owned.group(), descriptor)
        && scan.counts(owned);
  }

  private static boolean isForALoop(GroupKey key, Descriptor descriptor) {
    if (isOf(key, LIBUV)) {
      return switch (descriptor.kind()) {
        case SOCKET_TCP -> hasPeer(descriptor.socket());
        case PIPE -> (descriptor.flags() & O_ACCMODE) == O_RDONLY;
        case EVENTFD, TIMERFD -> true;
        default -> false;
      };
    }
    return isNettys(key)
        && switch (descriptor.kind()) {
          case SOCKET_TCP, SOCKET_UDP, SOCKET_UNIX, EVENTFD, TIMERFD -> true;
          default -> false;
        };
  }

  private static boolean isNettys(GroupKey key) {
    return key.owner() == Owner.LIBRARY && key.library().name().startsWith(NETTY);
  }

  private static boolean isOf(GroupKey key, Set<String> libraries) {
    return key.owner() == Owner.LIBRARY && libraries.contains(key.library().name());
  }

  /** A handle that was never connected has nothing to be watched for. */
  private static boolean hasPeer(Socket socket) {
    return socket != null
        && socket.bytesSent() >= 0
        && socket.bytesReceived() >= 0
        && switch (socket.stage()) {
          case CONNECTED, PEER_FINISHED, OVER -> true;
          default -> false;
        };
  }

  @Override
  public Bound bound(Scan scan, OwnedDescriptor owned) {
    return BOUND;
  }

  @Override
  public String succession(Scan scan, OwnedDescriptor owned) {
    Socket socket = owned.descriptor().socket();
    if (socket == null || !isOf(owned.group(), LIBUV)) {
      return null;
    }
    return scan.isAccepted(socket) ? "" : socket.remote();
  }

  @Override
  public List<Evidence> evidence(Scan scan, List<OwnedDescriptor> shown, Duration shortest) {
    return List.of(
        new Evidence(
            "orphan",
            "%d are non-blocking and in no epoll set of this process, each for %s or longer"
                .formatted(shown.size(), Headroom.words(shortest)),
            commands.unwatched(shown)));
  }

  @Override
  public String advice(GroupKey key) {
    return "Close each with its library's own close%s: no event loop knows these any more, so that no event will ever lead to it."
        .formatted(Advice.at(key));
  }
}
