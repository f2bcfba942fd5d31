package io.descry.detect;

import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What has never been used adds to a finding: a connection that carried no byte ({@code
 * tcpi_bytes_sent}, {@code tcpi_bytes_received} of tcp(7) TCP_INFO), a file whose position is still
 * 0 and an eventfd whose counter never changed (proc_pid_fdinfo(5)). All three are in order by
 * themselves, in a pool or on standby, and no finding is made of them here. What is written and
 * read at explicit offsets moves no position: of files it says no more than that. Looks at what
 * findings list, and asks the kernel nothing.
 *
 * @param commands to check by hand
 */
record Idle(Commands commands) {
  private static final String NAME = "idle";

  /** Adds the evidence to the findings that are about such descriptors. */
  List<Finding> added(Scan scan, List<Finding> findings) {
    return findings.stream().map(finding -> added(scan, finding)).toList();
  }

  private Finding added(Scan scan, Finding finding) {
    boolean mayBeInUse = finding.rule().equals(ClosedByCollector.NAME);
    boolean says = finding.evidence().stream().anyMatch(one -> one.type().equals(NeverUsed.NAME));
    Kind kind = finding.group().kind();
    List<OwnedDescriptor> all =
        finding.descriptors().stream().filter(owned -> owned.descriptor().kind() == kind).toList();
    List<OwnedDescriptor> idle = all.stream().filter(owned -> isIdle(scan, owned)).toList();
    if (finding.hazard() || mayBeInUse || says || idle.isEmpty()) {
      return finding;
    }
    List<Evidence> evidence = new ArrayList<>(finding.evidence());
    evidence.add(evidence(scan, kind, idle, all.size()));
    return new Finding(
        finding.id(),
        finding.rule(),
        finding.confidence(),
        false,
        finding.group(),
        finding.count(),
        finding.descriptors(),
        evidence,
        finding.firstSeen(),
        finding.ratePerMinute(),
        finding.exhaustion(),
        finding.advice());
  }

  private static boolean isIdle(Scan scan, OwnedDescriptor owned) {
    Descriptor descriptor = owned.descriptor();
    if (scan.uses().last(owned) > 0) {
      return false;
    }
    return switch (descriptor.kind()) {
      case SOCKET_TCP -> isUnused(descriptor.socket());
      case FILE -> descriptor.position() == 0;
      case EVENTFD -> descriptor.facts().eventCount() == 0;
      default -> false;
    };
  }

  /** Of one that came to nothing there is nothing to be used. */
  private static boolean isUnused(Socket socket) {
    return socket != null
        && (socket.stage() == Socket.Stage.CONNECTED
            || socket.stage() == Socket.Stage.PEER_FINISHED)
        && socket.bytesSent() == 0
        && socket.bytesReceived() == 0;
  }

  private Evidence evidence(Scan scan, Kind kind, List<OwnedDescriptor> idle, int all) {
    Duration shortest =
        idle.stream()
            .map(owned -> Duration.between(owned.opened(), scan.at()))
            .min(Duration::compareTo)
            .orElse(Duration.ZERO);
    String of = idle.size() + " of " + all;
    String since = Headroom.words(shortest) + " or longer";
    return switch (kind) {
      case SOCKET_TCP ->
          new Evidence(
              NAME,
              of + " have moved no byte either way since they were connected, " + since,
              commands.withoutBytes(idle));
      case FILE ->
          new Evidence(
              NAME,
              "the position of " + of + " is 0 as when they were opened, " + since,
              commands.atStart(idle));
      default ->
          new Evidence(
              NAME,
              "the counter of " + of + " was 0 in every scan that asked, " + since,
              commands.atZero(idle));
    };
  }
}
