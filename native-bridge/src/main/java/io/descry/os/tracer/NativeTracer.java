package io.descry.os.tracer;

import io.descry.os.Blind;
import io.descry.os.linux.Errno;
import io.descry.os.symbols.Symbols;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The tracer that runs in this process, read from its region. */
final class NativeTracer implements Tracer {
  private static final String UNKNOWN_CALL = "unknown";

  /** What these open shares one inode (record.c): their records never have an identity. */
  private static final Set<String> ANONYMOUS =
      Set.of(
          "epoll_create",
          "epoll_create1",
          "eventfd",
          "timerfd_create",
          "signalfd",
          "inotify_init",
          "inotify_init1");

  /**
   * Stands for what the JDK has opened and nobody has closed: most of what a Java process holds,
   * and the ledger says more of it. It is made when it is asked for, and not kept.
   */
  private static final NativeUse JDKS =
      new NativeUse(0, UNKNOWN_CALL, null, 0, 0, null, 0, 0, -1, NativeStack.NONE, null, false);

  private final Region region;
  private final TracerCalls calls;
  private final String[] names;
  private final LoadedObjects objects;
  private final Symbols symbols;
  private final NativeStacks stacks;
  private final BlindSpots blindSpots;
  private final Region.Slot slot = new Region.Slot();
  private final Region.FailedClose failed = new Region.FailedClose();
  private final Instant origin = Instant.now();
  private final long originNanos = System.nanoTime();

  /** What was last read, by number, and the sequence of the slot that it was read from. */
  private NativeUse[] uses = new NativeUse[0];

  private int[] sequences = new int[0];

  /** Whether some close was not seen, and others may not be. */
  private boolean missesCloses;

  /** The ticket of the last failed close that was read. */
  private long failedRead;

  NativeTracer(Region region, TracerCalls calls) {
    this.region = region;
    this.calls = calls;
    this.names = calls.calls();
    this.symbols = new Symbols(calls::demangle);
    this.objects = new LoadedObjects(region);
    this.stacks = new NativeStacks(region, objects, symbols, new JavaFrames(calls));
    this.blindSpots = new BlindSpots(region, calls.reason());
  }

  @Override
  public boolean on() {
    return true;
  }

  @Override
  public synchronized void refresh() {
    calls.refresh();
    objects.refresh();
    stacks.refresh();
    if (!missesCloses && region.closesUnseen() > 0) {
      missesCloses = true;
      Arrays.fill(sequences, 0);
    }
    blindSpots.refresh(symbols.unread());
  }

  @Override
  public synchronized NativeUse use(int number) {
    NativeUse known = known(number);
    return known == JDKS ? region.read(number, slot) ? use(slot) : null : known;
  }

  @Override
  public synchronized boolean isJdks(int number) {
    return known(number) == JDKS;
  }

  private NativeUse known(int number) {
    if (number < 0 || number >= region.slotCount()) {
      return null;
    }
    // An unchanged slot is what most numbers have in most scans: one load, nothing made.
    int sequence = region.sequence(number);
    if (number >= uses.length) {
      if (sequence == 0) {
        return null;
      }
      int size = Math.min(region.slotCount(), Math.max(1024, number + number / 4));
      uses = Arrays.copyOf(uses, size);
      sequences = Arrays.copyOf(sequences, size);
    }
    if (sequence == sequences[number]) {
      return uses[number];
    }
    if (!region.read(number, slot)) {
      return null;
    }
    NativeUse use = use(slot);
    uses[number] = use != null && isJdks(use) ? JDKS : use;
    sequences[number] = slot.sequence;
    return uses[number];
  }

  private static boolean isJdks(NativeUse use) {
    return use.close() == null
        && !use.doubtful()
        && use.object() != null
        && use.object().role() == NativeObject.Role.JDK;
  }

  @Override
  public synchronized NativeClose closeBefore(int number, long generation) {
    if (number < 0
        || number >= region.slotCount()
        || !region.read(number, slot)
        || slot.lastGeneration == 0
        || slot.lastGeneration != generation) {
      return null;
    }
    return new NativeClose(
        name(slot.lastCloseCall),
        objects.object(slot.lastCloseObject),
        slot.lastClosed,
        slot.lastCloseTid);
  }

  @Override
  public int writes(int number) {
    return number < 0 || number >= region.slotCount() ? 0 : region.sequence(number);
  }

  private NativeUse use(Region.Slot slot) {
    if (slot.state != Region.SLOT_OPEN && slot.state != Region.SLOT_CLOSED) {
      return null;
    }
    NativeClose close =
        slot.state == Region.SLOT_OPEN
            ? null
            : new NativeClose(
                name(slot.closeCall), objects.object(slot.closeObject), slot.closed, slot.closeTid);
    NativeObject object = objects.object(slot.object);
    String call = name(slot.call);
    return new NativeUse(
        slot.generation,
        call,
        object,
        slot.opened,
        slot.tid,
        slot.thread.isEmpty() ? null : slot.thread,
        slot.device,
        slot.inode,
        slot.source,
        stacks.of(slot.nativeStack, slot.javaStack),
        close,
        slot.doubtful || close == null && missesCloses && isUnidentified(slot, object, call));
  }

  private static boolean isUnidentified(Region.Slot slot, NativeObject object, String call) {
    boolean never =
        object != null && object.role() == NativeObject.Role.JDK || ANONYMOUS.contains(call);
    return slot.inode == 0 && !never;
  }

  private String name(int call) {
    return call < names.length ? names[call] : UNKNOWN_CALL;
  }

  @Override
  public synchronized List<NativeError> errors() {
    List<NativeError> errors = new ArrayList<>();
    for (int row = 0; row < region.errorCount(); row++) {
      Region.Errors found = region.errors(row);
      if (found != null) {
        errors.add(
            new NativeError(
                objects.object(found.object()),
                name(found.call()),
                Errno.name(found.errno()),
                found.count(),
                wallTime(found.first()),
                wallTime(found.last())));
      }
    }
    return List.copyOf(errors);
  }

  @Override
  public long exhausted() {
    return region.exhausted();
  }

  @Override
  public synchronized List<FailedClose> failedCloses() {
    long last = region.closesFailed();
    List<FailedClose> closes = new ArrayList<>();
    long ticket = Math.max(failedRead, last - region.failedCloseCount());
    while (ticket++ < last) {
      if (region.read(ticket, failed)) {
        closes.add(failedClose());
      }
    }
    failedRead = last;
    return List.copyOf(closes);
  }

  private FailedClose failedClose() {
    NativeObject object = objects.object(failed.object);
    NativeUse before = failed.before.state == Region.SLOT_CLOSED ? use(failed.before) : null;
    return new FailedClose(
        failed.number,
        name(failed.call),
        object,
        wallTime(failed.time),
        failed.tid,
        failed.thread.isEmpty() ? null : failed.thread,
        stacks.of(failed.nativeStack, failed.javaStack),
        before,
        before == null ? null : wallTime(before.close().nanos()));
  }

  private Instant wallTime(long nanos) {
    return origin.plusNanos(nanos - originNanos);
  }

  @Override
  public synchronized List<Blind> blind() {
    return blindSpots.list();
  }
}
