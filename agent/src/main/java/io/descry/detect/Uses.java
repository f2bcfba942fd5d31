package io.descry.detect;

import io.descry.os.Descriptor;
import io.descry.os.Identity;
import io.descry.os.Socket;
import io.descry.reconcile.Group;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Reconciliation;
import java.util.HashMap;
import java.util.Map;

/**
 * In which scan each open descriptor was last seen to have been used: its file position, its
 * eventfd's counter or its socket's byte counts are not what they were in the scan before. What
 * reads and writes at explicit offsets (pread(2), mmap(2)) moves no position, so that no use seen
 * never means unused. Remembers one record for each open descriptor.
 */
final class Uses {
  private record Seen(
      Identity identity, long first, long position, long events, long bytes, long used) {}

  private Map<Integer, Seen> seen = Map.of();

  /** Takes in the next scan, before the rules look at it. */
  void see(long tick, Reconciliation facts) {
    Map<Integer, Seen> now = new HashMap<>();
    for (Group group : facts.groups()) {
      for (OwnedDescriptor owned : group.descriptors()) {
        now.put(owned.descriptor().number(), next(tick, owned));
      }
    }
    seen = now;
  }

  /** The scan by which it was last used; 0 when never, as far as was seen. */
  long last(OwnedDescriptor owned) {
    Seen known = seen.get(owned.descriptor().number());
    return known == null ? 0 : known.used;
  }

  private Seen next(long tick, OwnedDescriptor owned) {
    Descriptor descriptor = owned.descriptor();
    long first = tick - owned.scans() + 1;
    long events = descriptor.facts().eventCount();
    long bytes = bytes(descriptor.socket());
    Seen before = seen.get(descriptor.number());
    boolean same =
        before != null && before.first == first && before.identity.equals(descriptor.identity());
    boolean moved =
        same
            && (moved(before.position, descriptor.position())
                || moved(before.events, events)
                || moved(before.bytes, bytes));
    return new Seen(
        descriptor.identity(),
        first,
        descriptor.position(),
        // Of very many eventfds a scan asks a part: what is not told now was told before.
        same && events < 0 ? before.events : events,
        same && bytes < 0 ? before.bytes : bytes,
        moved ? tick : same ? before.used : 0);
  }

  private static boolean moved(long before, long now) {
    return before >= 0 && now >= 0 && before != now;
  }

  private static long bytes(Socket socket) {
    return socket == null || socket.bytesSent() < 0 || socket.bytesReceived() < 0
        ? -1
        : socket.bytesSent() + socket.bytesReceived();
  }
}
