package io.descry.detect;

import io.descry.os.Answer;
import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The other end has hung up, and this side does not close: a socket in CLOSE_WAIT or beyond, or
 * with an error that nobody takes; a pipe without other end.
 *
 * <p>A pool may hold such connections, and finds out when it next wants one: it tries all of those
 * to an address before it opens a new one there. So a connection counts when a newer one to the
 * same address was opened long after its peer had gone. What this process accepted is given more
 * time, for a handler may be at work that reads no more, and writes at the end.
 *
 * @param commands to check by hand
 * @param thresholds for how long
 */
record PeerGone(Commands commands, Thresholds thresholds) implements Sign {
  static final String NAME = "peer-gone";
  private static final int SCANS = 5;
  private static final int TIMES_OF_ACCEPTED = 12;

  @Override
  public String rule() {
    return NAME;
  }

  @Override
  public Enough enough() {
    return new Enough(5, 10, 4);
  }

  @Override
  public boolean concerns(GroupKey key) {
    // Nothing else has another end.
    return key.kind() == Kind.PIPE || key.kind().isSocket() || key.kind() == Kind.OTHER;
  }

  @Override
  public boolean shows(Scan scan, OwnedDescriptor owned) {
    Descriptor descriptor = owned.descriptor();
    Socket socket = descriptor.socket();
    boolean gone =
        descriptor.facts().peerGone() == Answer.YES
            || socket != null
                && (socket.state().equals(Scan.CLOSE_WAIT)
                    || descriptor.kind() == Kind.SOCKET_TCP && socket.errorPending() == Answer.YES);
    return gone && scan.uses().last(owned) < scan.tick();
  }

  @Override
  public Bound bound(Scan scan, OwnedDescriptor owned) {
    Socket socket = owned.descriptor().socket();
    boolean accepted = socket != null && scan.isAccepted(socket);
    return new Bound(SCANS, thresholds.peerGone().multipliedBy(accepted ? TIMES_OF_ACCEPTED : 1));
  }

  @Override
  public String succession(Scan scan, OwnedDescriptor owned) {
    Socket socket = owned.descriptor().socket();
    return socket == null || scan.isAccepted(socket) ? "" : socket.remote();
  }

  @Override
  public boolean lasting() {
    return true;
  }

  @Override
  public List<Evidence> evidence(Scan scan, List<OwnedDescriptor> shown, Duration shortest) {
    List<OwnedDescriptor> waiting = Scan.closeWait(shown);
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(
        new Evidence(
            "peer-gone",
            "the other end of %d is gone, of each for %s or longer, and this side has not closed; newer ones were opened since"
                .formatted(shown.size(), Headroom.words(shortest)),
            commands.withoutPeer(shown)));
    if (!waiting.isEmpty()) {
      evidence.add(
          new Evidence(
              "close-wait",
              "the peer of %d of %d has closed, this side has not"
                  .formatted(waiting.size(), shown.size()),
              commands.closeWait(waiting)));
    }
    return evidence;
  }

  @Override
  public String advice(GroupKey key) {
    return key.kind() == Kind.PIPE
        ? "Close the pipe when a read returns end of file, and on error%s."
            .formatted(Advice.at(key))
        : "Close the socket when a read returns end of stream, and on error%s."
            .formatted(Advice.at(key));
  }
}
