package io.descry.reconcile;

import io.descry.os.ProcessDescriptors;
import io.descry.os.ThreadWait;
import io.descry.os.ThreadWaits;
import io.descry.os.tracer.NativeUse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the threads that wait on numbers which native code closed under them. What Java opened is
 * left out: the JDK wakes its own threads, or puts a marker under the number until they have left
 * (NIO's preClose), and a stream that is closed while it is read knows its number no more. Not safe
 * for several threads.
 */
final class LostWaits {
  /** What a thread was seen to wait on while it was open. */
  private record Waited(int number, long generation) {}

  private final ProcessDescriptors descriptors;
  private final NativeBooks natives;
  private final SiteBook sites;
  private Map<Integer, Waited> before = Map.of();

  LostWaits(ProcessDescriptors descriptors, NativeBooks natives, SiteBook sites) {
    this.descriptors = descriptors;
    this.natives = natives;
    this.sites = sites;
  }

  List<LostWait> read(ThreadWaits waits) {
    Map<Integer, Waited> now = new HashMap<>(before);
    now.keySet().retainAll(waits.threads());
    List<LostWait> lost = new ArrayList<>();
    for (ThreadWait wait : waits.waits()) {
      NativeUse use =
          wait.number() == ThreadWait.NO_NUMBER ? null : natives.tracer().use(wait.number());
      if (use == null || use.doubtful() || !NativeClaim.isLibrary(use.object())) {
        now.remove(wait.thread());
        continue;
      }
      Waited waited = new Waited(wait.number(), use.generation());
      if (!wait.closed()) {
        // Closed by the time that the book is asked, it may be a later use that was closed.
        if (use.close() == null) {
          now.put(wait.thread(), waited);
        }
      } else if (use.close() != null) {
        add(lost, wait, use, waited.equals(now.get(wait.thread())));
      }
    }
    before = now;
    return lost;
  }

  private void add(List<LostWait> lost, ThreadWait wait, NativeUse use, boolean sure) {
    Library library = natives.libraries().apply(use);
    if (library != null) {
      GroupKey group =
          new GroupKey(
              Owner.LIBRARY, library, OpeningCall.kind(use.call()), sites.of(use.stack(), null));
      Instant closed = Instant.now().minusNanos(System.nanoTime() - use.close().nanos());
      lost.add(new LostWait(wait, descriptors.threadName(wait.thread()), group, use, closed, sure));
    }
  }
}
