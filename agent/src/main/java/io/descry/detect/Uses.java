package io.descry.detect;

import io.descry.os.Descriptor;
import io.descry.os.Socket;
import io.descry.reconcile.Group;
import io.descry.reconcile.Numbered;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Reconciliation;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * In which scan each open descriptor was last seen to have been used: its file position, its
 * eventfd's counter or its socket's byte counts are not what they were in the scan before. What
 * reads and writes at explicit offsets (pread(2), mmap(2)) moves no position, so that no use seen
 * never means unused. Remembers a number for each descriptor.
 */
final class Uses {
  /** What a scan was told before, of what it is not told now; -1 for what was never told. */
  private record Told(long events, long bytes) {}

  /** As the last scan saw them; the reconciler keeps the same objects. */
  private final Numbered<OwnedDescriptor> open = new Numbered<>();

  /** By number: the scan by which it was last used, 0 when never. */
  private int[] used = {};

  /** Of very many eventfds a scan asks a part: so there are few of these, and mostly none. */
  private Map<Integer, Told> before = Map.of();

  private long last;

  /** Takes in the next scan, before the rules look at it. */
  void see(long tick, Reconciliation facts) {
    BitSet now = new BitSet();
    Map<Integer, Told> told = new HashMap<>();
    for (Group group : facts.groups()) {
      for (OwnedDescriptor owned : group.descriptors()) {
        see(tick, owned, told);
        now.set(owned.descriptor().number());
      }
    }
    open.retain(owned -> now.get(owned.descriptor().number()));
    before = told;
    last = tick;
  }

  /** The scan by which it was last used; 0 when never, as far as was seen. */
  long last(OwnedDescriptor owned) {
    int number = owned.descriptor().number();
    return number < used.length && open.get(number) != null ? used[number] : 0;
  }

  private void see(long tick, OwnedDescriptor owned, Map<Integer, Told> told) {
    int number = owned.descriptor().number();
    if (number >= used.length) {
      used = Arrays.copyOf(used, number + number / 4 + 64);
    }
    OwnedDescriptor one = open.get(number);
    open.put(number, owned);
    if (one == null || !isStill(tick, one, owned)) {
      used[number] = 0;
    } else if (one.descriptor() != owned.descriptor() || !before.isEmpty()) {
      // Else told as it was before: nothing can have moved.
      compare(tick, one.descriptor(), owned.descriptor(), told);
    }
  }

  private boolean isStill(long tick, OwnedDescriptor one, OwnedDescriptor owned) {
    return last - one.scans() == tick - owned.scans()
        && one.descriptor().isAlso(owned.descriptor());
  }

  private void compare(long tick, Descriptor one, Descriptor now, Map<Integer, Told> told) {
    Told known = before.isEmpty() ? null : before.get(now.number());
    long oldEvents = known != null && events(one) < 0 ? known.events : events(one);
    long oldBytes = known != null && bytes(one) < 0 ? known.bytes : bytes(one);
    if (moved(one.position(), now.position())
        || moved(oldEvents, events(now))
        || moved(oldBytes, bytes(now))) {
      used[now.number()] = (int) tick;
    }
    if (events(now) < 0 && oldEvents >= 0 || bytes(now) < 0 && oldBytes >= 0) {
      told.put(now.number(), new Told(oldEvents, oldBytes));
    }
  }

  private static boolean moved(long before, long now) {
    return before >= 0 && now >= 0 && before != now;
  }

  private static long events(Descriptor descriptor) {
    return descriptor.facts().eventCount();
  }

  private static long bytes(Descriptor descriptor) {
    Socket socket = descriptor.socket();
    return socket == null || socket.bytesSent() < 0 || socket.bytesReceived() < 0
        ? -1
        : socket.bytesSent() + socket.bytesReceived();
  }
}
