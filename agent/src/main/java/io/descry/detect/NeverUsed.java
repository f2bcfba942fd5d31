package io.descry.detect;

import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.util.List;

/**
 * A connection that this process made and that has carried no byte in either direction since
 * ({@code tcpi_bytes_sent} and {@code tcpi_bytes_received} of tcp(7) TCP_INFO).
 *
 * <p>That alone is in order: a standby connection, or one of a pool that is filled ahead. Such a
 * pool makes no new connection to an address to which it has idle ones, once it is full. So a
 * connection counts when a newer one to the same address was made long after it. Costs nothing that
 * a scan does not cost anyway.
 *
 * @param commands to check by hand
 * @param thresholds how many
 */
record NeverUsed(Commands commands, Thresholds thresholds) implements Sign {
  static final String NAME = "never-used";
  private static final Bound BOUND = new Bound(10, Duration.ofSeconds(30));

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
    return new Enough(thresholds.unused() + 1, thresholds.unused() + 1, 12);
  }

  @Override
  public boolean concerns(GroupKey key) {
    return key.kind() == Kind.SOCKET_TCP;
  }

  @Override
  public boolean shows(Scan scan, OwnedDescriptor owned) {
    Socket socket = owned.descriptor().socket();
    return owned.descriptor().kind() == Kind.SOCKET_TCP
        && socket != null
        && socket.stage() == Socket.Stage.CONNECTED
        && socket.bytesSent() == 0
        && socket.bytesReceived() == 0
        && !scan.isAccepted(socket);
  }

  @Override
  public Bound bound(Scan scan, OwnedDescriptor owned) {
    return BOUND;
  }

  @Override
  public String succession(Scan scan, OwnedDescriptor owned) {
    Socket socket = owned.descriptor().socket();
    return socket == null ? "" : socket.remote();
  }

  @Override
  public List<Evidence> evidence(Scan scan, List<OwnedDescriptor> shown, Duration shortest) {
    return List.of(
        new Evidence(
            "never-used",
            "%d connections have carried no byte either way since they were made, each for %s or longer, and newer ones were made since"
                .formatted(shown.size(), Headroom.words(shortest)),
            commands.withoutBytes(shown)));
  }

  @Override
  public String advice(GroupKey key) {
    return "Close the connection that is not used after all%s: the slower one of two attempts, or one whose caller timed out or gave up."
        .formatted(Advice.at(key));
  }
}
