package io.descry.detect;

import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.os.ThreadWaits;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Reconciliation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One reconciliation as the rules see it.
 *
 * @param tick number of the scan by the detector's own count, without gaps
 * @param facts what was observed
 * @param groups by key
 * @param listening local addresses that sockets of this process listen on: ports for TCP, paths
 *     otherwise
 * @param waits what the threads waited in
 * @param uses which descriptors were used, up to this scan
 */
record Scan(
    long tick,
    Reconciliation facts,
    Map<GroupKey, Group> groups,
    Set<String> listening,
    ThreadWaits waits,
    Uses uses) {
  private static final String ESTABLISHED = "ESTABLISHED";
  private static final String LISTEN = "LISTEN";
  static final String CLOSE_WAIT = "CLOSE_WAIT";

  /** A scan of which threads and uses are not known. */
  static Scan of(long tick, Reconciliation facts) {
    return of(tick, facts, ThreadWaits.unknown(facts.at()), new Uses());
  }

  static Scan of(long tick, Reconciliation facts, ThreadWaits waits, Uses uses) {
    Map<GroupKey, Group> groups =
        facts.groups().stream()
            .collect(Collectors.toMap(Group::key, group -> group, Scan::together));
    Set<String> listening =
        facts.groups().stream()
            // No other has states.
            .filter(group -> group.key().kind() == Kind.SOCKET_TCP)
            .flatMap(group -> group.descriptors().stream())
            .flatMap(Scan::socket)
            .filter(socket -> socket.state().equals(LISTEN))
            .map(Scan::door)
            .collect(Collectors.toSet());
    return new Scan(tick, facts, groups, listening, waits, uses);
  }

  private static Group together(Group a, Group b) {
    return new Group(
        a.key(), Stream.concat(a.descriptors().stream(), b.descriptors().stream()).toList());
  }

  Instant at() {
    return facts.at();
  }

  /** The group's open descriptors; empty when there are none. */
  List<OwnedDescriptor> of(GroupKey key) {
    Group group = groups.get(key);
    return group == null ? List.of() : group.descriptors();
  }

  /** The tick of the scan that first saw the descriptor. */
  long firstTick(OwnedDescriptor descriptor) {
    return tick - descriptor.scans() + 1;
  }

  /**
   * Whether the descriptor can count as leaked. A socket that was accepted and is still established
   * does not, for its peer holds it open; nor what has moved data, or was otherwise used, within
   * the later half of its life.
   */
  boolean counts(OwnedDescriptor descriptor) {
    Socket socket = descriptor.descriptor().socket();
    if (isUsed(descriptor)) {
      return false;
    }
    if (socket == null || socket.state().equals(CLOSE_WAIT)) {
      return true;
    }
    long age = Duration.between(descriptor.opened(), at()).toMillis();
    boolean used = socket.idleMillis() >= 0 && socket.idleMillis() < age / 2;
    return !used && !(socket.state().equals(ESTABLISHED) && isAccepted(socket));
  }

  /** Whether it was seen to be used within the later half of its life. */
  boolean isUsed(OwnedDescriptor descriptor) {
    return 2 * (tick - uses.last(descriptor)) < descriptor.scans();
  }

  /** Whether a peer connected to this process, rather than the other way round. */
  boolean isAccepted(Socket socket) {
    return listening.contains(door(socket));
  }

  static Stream<Socket> socket(OwnedDescriptor descriptor) {
    return Stream.ofNullable(descriptor.descriptor().socket());
  }

  /** Those of which the peer has closed and this side has not. */
  static List<OwnedDescriptor> closeWait(List<OwnedDescriptor> descriptors) {
    return descriptors.stream()
        .filter(owned -> socket(owned).anyMatch(socket -> socket.state().equals(CLOSE_WAIT)))
        .toList();
  }

  private static String door(Socket socket) {
    return socket.protocol().startsWith("tcp")
        ? socket.local().substring(socket.local().lastIndexOf(':') + 1)
        : socket.local();
  }
}
