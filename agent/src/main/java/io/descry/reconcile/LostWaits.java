package io.descry.reconcile;

import io.descry.os.ProcessDescriptors;
import io.descry.os.ThreadStay;
import io.descry.os.ThreadWait;
import io.descry.os.ThreadWaits;
import io.descry.os.tracer.NativeClose;
import io.descry.os.tracer.NativeUse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the threads that wait on numbers which native code closed under them. What Java opened is
 * left out: the JDK wakes its own threads, or puts a marker under the number until they have left
 * (NIO's preClose), and a stream that is closed while it is read knows its number no more.
 *
 * <p>A number that is open again belongs to another, and says nothing of what a thread waits on. So
 * there the thread must have slept on ({@link ThreadStay}) since it was seen to wait on the number
 * of old; likewise in poll(2) and select(2), which give back at once what is not open. Only threads
 * that wait on what native code opened are asked for that. Not safe for several threads.
 */
final class LostWaits {
  /** How many waits are followed; more are those of one event loop on poll(2). */
  private static final int MOST = 10_000;

  private record Place(int thread, int number) {}

  /**
   * What a thread was seen to wait on while it was open, or in poll(2).
   *
   * @param stay {@code null} when the system does not say
   * @param entered whether the call began after {@code use} was opened
   * @param close who closed it while the thread slept on; {@code null} while that is not known
   * @param next who opened the number after that; {@code null} like {@code close}
   */
  private record Waited(
      NativeUse use, ThreadStay stay, boolean entered, NativeClose close, NativeUse next) {
    boolean isOf(NativeUse other) {
      return use.generation() == other.generation();
    }
  }

  private final ProcessDescriptors descriptors;
  private final NativeBooks natives;
  private final SiteBook sites;
  private Map<Place, Waited> before = Map.of();
  private Map<Integer, ThreadWait> lastWaits = Map.of();
  private Set<Integer> lastThreads = Set.of();

  /** Before the threads were asked the last time, and at the end of this scan. */
  private long beforeLast;

  private long end;

  LostWaits(ProcessDescriptors descriptors, NativeBooks natives, SiteBook sites) {
    this.descriptors = descriptors;
    this.natives = natives;
    this.sites = sites;
  }

  List<LostWait> read(ThreadWaits waits) {
    Map<Integer, ThreadWait> waiting = new HashMap<>();
    waits.waits().forEach(wait -> waiting.put(wait.thread(), wait));
    // Who was not asked, or runs just now, may be in the same call yet.
    Map<Place, Waited> now = new HashMap<>(before);
    now.keySet()
        .removeIf(
            place -> !waits.threads().contains(place.thread) || waiting.containsKey(place.thread));
    List<LostWait> lost = new ArrayList<>();
    for (ThreadWait wait : waits.waits()) {
      read(wait, now, lost);
    }
    before = now;
    lastWaits = waiting;
    lastThreads = waits.threads();
    beforeLast = end;
    end = System.nanoTime();
    return lost;
  }

  private void read(ThreadWait wait, Map<Place, Waited> now, List<LostWait> lost) {
    boolean asked = false;
    ThreadStay stay = null;
    for (int number : wait.numbers()) {
      Place place = new Place(wait.thread(), number);
      Waited known = before.get(place);
      if (known == null && !isOfLibrary(natives.tracer().use(number)) || now.size() >= MOST) {
        continue;
      }
      if (!asked) {
        stay = descriptors.stay(wait.thread());
        asked = true;
      }
      Waited waited = read(wait, number, stay, known, lost);
      if (waited != null) {
        now.put(place, waited);
      }
    }
  }

  /**
   * Looks at one number that a thread waits on.
   *
   * @param stay asked after the thread was, and before the tracer is
   * @return what to remember; {@code null} for nothing
   */
  private Waited read(
      ThreadWait wait, int number, ThreadStay stay, Waited known, List<LostWait> lost) {
    NativeUse use = natives.tracer().use(number);
    boolean stayed = known != null && stay != null && stay.equals(known.stay);
    if (stayed && (known.next != null || use != null && !known.isOf(use))) {
      Waited over = known.next == null ? over(known, number, use) : known;
      if (over.next != null) {
        boolean sure = over.entered && wait.number() == number;
        add(lost, wait, number, over.use, over.close, over.next, stay, sure);
      }
      return over;
    }
    if (!isOfLibrary(use)) {
      return use == null ? known : null; // null: it was being written
    }
    if (wait.number() == ThreadWait.NO_NUMBER) {
      if (stayed && use.close() != null && descriptors.isClosed(number)) {
        add(lost, wait, number, use, use.close(), null, stay, false);
      }
      return stayed ? known : seen(wait, number, use, stay, known);
    }
    if (wait.closed()) {
      if (use.close() != null) {
        boolean sure = known != null && known.isOf(use) && known.use.close() == null;
        add(lost, wait, number, use, use.close(), null, null, sure);
      }
      return known;
    }
    // Closed by the time that the book is asked, it may be a later use that was closed.
    return use.close() != null || stayed ? known : seen(wait, number, use, stay, known);
  }

  private Waited seen(ThreadWait wait, int number, NativeUse use, ThreadStay stay, Waited known) {
    boolean entered = known != null && known.isOf(use) && known.entered;
    return new Waited(use, stay, entered || hasEntered(wait, number, use), null, null);
  }

  /**
   * Whether the thread was seen not to be in this wait when the use was open already. One that was
   * seen to run is no such sight: it may have been woken, and sleep again, within one call.
   */
  private boolean hasEntered(ThreadWait wait, int number, NativeUse use) {
    if (lastThreads.isEmpty() || use.openedNanos() - beforeLast >= 0) {
      return false;
    }
    ThreadWait last = lastWaits.get(wait.thread());
    return last == null
        ? !lastThreads.contains(wait.thread())
        : last.call() != wait.call() || !last.numbers().contains(number);
  }

  /** What became of a number that another use has now, which slept through it. */
  private Waited over(Waited known, int number, NativeUse next) {
    NativeClose close = natives.tracer().closeBefore(number, known.use.generation());
    // By dup2(2) and the like one takes the place of the other in one go, which is meant so: NIO's
    // preClose does it, and who rotates a log.
    if (close == null || next.doubtful() || close.call().equals(next.call())) {
      return known;
    }
    return new Waited(known.use, known.stay, known.entered, close, next);
  }

  private static boolean isOfLibrary(NativeUse use) {
    return use != null && !use.doubtful() && NativeClaim.isLibrary(use.object());
  }

  private void add(
      List<LostWait> lost,
      ThreadWait wait,
      int number,
      NativeUse use,
      NativeClose close,
      NativeUse next,
      ThreadStay stay,
      boolean sure) {
    Library library = natives.libraries().apply(use);
    if (library != null) {
      GroupKey group =
          new GroupKey(
              Owner.LIBRARY, library, OpeningCall.kind(use.call()), sites.of(use.stack(), null));
      Instant closed = Instant.now().minusNanos(System.nanoTime() - close.nanos());
      lost.add(
          new LostWait(
              wait,
              number,
              descriptors.threadName(wait.thread()),
              group,
              use,
              close,
              closed,
              next,
              stay,
              sure));
    }
  }
}
