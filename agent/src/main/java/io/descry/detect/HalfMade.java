package io.descry.detect;

import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.util.List;

/**
 * A TCP socket that was made and never became anything: not connected, not listening. So is one
 * whose connect failed and that nobody closed. Datagram sockets may live like that and work.
 *
 * @param commands to check by hand
 * @param thresholds for how long
 */
record HalfMade(Commands commands, Thresholds thresholds) implements Sign {
  static final String NAME = "half-made";

  /** A name is looked up after the socket is made: 30 s at most by default, resolv.conf(5). */
  private static final int SCANS = 6;

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
    return new Enough(6, 12, 5);
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
        && (socket.stage() == Socket.Stage.CREATED || socket.stage() == Socket.Stage.BOUND);
  }

  @Override
  public Bound bound(Scan scan, OwnedDescriptor owned) {
    return new Bound(SCANS, thresholds.halfMade());
  }

  @Override
  public boolean lasting() {
    return true;
  }

  @Override
  public List<Evidence> evidence(Scan scan, List<OwnedDescriptor> shown, Duration shortest) {
    return List.of(
        new Evidence(
            "half-made",
            "%d sockets are neither connected nor listening, each for %s or longer"
                .formatted(shown.size(), Headroom.words(shortest)),
            commands.unconnected(shown)));
  }

  @Override
  public String advice(GroupKey key) {
    return "Close the socket where connect or bind fails%s: in finally, or when the future completes exceptionally."
        .formatted(Advice.at(key));
  }
}
