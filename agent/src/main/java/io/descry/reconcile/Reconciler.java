package io.descry.reconcile;

import io.descry.ledger.Ledger;
import io.descry.ledger.LedgerEntry;
import io.descry.ledger.OpenKind;
import io.descry.os.Descriptor;
import io.descry.os.DescriptorSnapshot;
import io.descry.os.Identity;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.os.tracer.NativeStack;
import io.descry.os.tracer.NativeUse;
import io.descry.owner.KnownOwner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lays the books side by side: gives every descriptor of a snapshot its one owner by what ledger,
 * tracer and the libraries' own objects say, and finds where ledger and snapshot disagree. A
 * disagreement is believed when two scans in a row show it with the ledger unmoved. Not safe for
 * several threads.
 */
public final class Reconciler {
  /** A live entry whose number is not open, and what the number was before. */
  private record Missing(long sequence, Descriptor before) {}

  private final Baseline baseline;
  private final JvmFiles jvmFiles;
  private final NativeBooks natives;
  private final SiteBook sites;
  private final CollectedSites collected;
  private final Doubt doubt;
  private final EndedUses ended;
  private List<EndedUse> justEnded = List.of();
  private final Instant origin = Instant.now();
  private final long originNanos = System.nanoTime();
  private final Numbered<Track> tracks = new Numbered<>();

  // Of few, so not in the tracks: what was open before the agent, and what was seen in place of
  // what the ledger's entry opened.
  private final BitSet inherited = new BitSet();
  private final Map<Integer, Identity> strangers = new HashMap<>();
  private final Groups groups = new Groups();
  private BitSet open = new BitSet();

  // Numbers that Java had open when the scan was begun.
  private BitSet atBegin = new BitSet();
  private Map<Integer, Missing> missingBefore = Map.of();
  private long scan;
  private long begun;

  /**
   * Reconciles the ledger of this JVM.
   *
   * @param baseline what was open before the agent
   * @param javaHome where the JDK's own files are
   * @param pid this process
   * @param natives what is known of native code
   */
  public Reconciler(Baseline baseline, String javaHome, long pid, NativeBooks natives) {
    this.baseline = baseline;
    this.natives = natives;
    this.jvmFiles = new JvmFiles(javaHome, pid);
    this.sites = new SiteBook();
    this.collected = new CollectedSites(sites);
    this.doubt = new Doubt();
    this.ended = new EndedUses(sites, natives, this::wallTime);
  }

  private Reconciler(Reconciler scans) {
    this.baseline = scans.baseline;
    this.natives = scans.natives;
    this.jvmFiles = scans.jvmFiles;
    this.sites = scans.sites;
    this.collected = scans.collected;
    this.doubt = scans.doubt;
    this.ended = scans.ended;
  }

  /**
   * Another one of the same books, for looks between the scans: what it sees counts as no scan of
   * this one, and what can be taken from the ledger only once, both know. Not to be used at the
   * same time as this one.
   */
  public Reconciler beside() {
    return new Reconciler(this);
  }

  /**
   * Reads what has ended since the last scan, and what is open. To be called before a snapshot is
   * begun: what that opens and closes itself takes the place of what has ended, and what is closed
   * while it is made may be in it.
   */
  public void begin() {
    justEnded = ended.read(open);
    atBegin = new BitSet();
    for (int number = Ledger.next(0); number >= 0; number = Ledger.next(number + 1)) {
      LedgerEntry entry = Ledger.entry(number);
      atBegin.set(number, entry != null && !entry.closed());
    }
  }

  /**
   * What ledger and tracer have of the uses of a number, in one value: another value, another use,
   * or the same in another state. Costs two loads.
   */
  public long uses(int number) {
    LedgerEntry entry = Ledger.entry(number);
    long javas =
        entry == null
            ? 0
            : 4 * entry.sequence() + (entry.closed() ? 1 : 0) + (entry.replaced() ? 2 : 0);
    return javas << Integer.SIZE | Integer.toUnsignedLong(natives.tracer().writes(number));
  }

  private List<EndedUse> endedBefore() {
    List<EndedUse> all = justEnded;
    justEnded = List.of();
    return all;
  }

  /**
   * Reconciles a snapshot with the ledger as it is now.
   *
   * @param begunNanos when the snapshot was begun, in {@link System#nanoTime()}: of what was opened
   *     since, it cannot be told which use of its number the snapshot saw
   * @param collections what is known of the garbage collections so far
   */
  public Reconciliation reconcile(
      DescriptorSnapshot snapshot, long begunNanos, Limits limits, GarbageCollections collections) {
    scan++;
    begun = begunNanos;
    natives.refresh();
    doubt.refresh();
    List<Discrepancy> discrepancies = new ArrayList<>();
    BitSet now = new BitSet();
    for (Descriptor descriptor : snapshot.descriptors()) {
      // Before the entry: what Java has opened since then is in the entry, so the later book wins.
      NativeUse use = use(descriptor.number());
      LedgerEntry entry = Ledger.entry(descriptor.number());
      Track track = follow(descriptor, entry, use, snapshot.at());
      OwnedDescriptor owned = own(descriptor, entry, use, track, discrepancies);
      track.last = owned;
      now.set(descriptor.number());
      if (owned.group().owner() != Owner.AGENT) {
        groups.add(owned);
      }
    }
    open = now;
    atBegin = new BitSet();
    findMissing(discrepancies);
    tracks.retain(track -> open.get(track.last.descriptor().number()));
    strangers.keySet().removeIf(number -> !open.get(number));
    return new Reconciliation(
        scan,
        snapshot.at(),
        limits,
        groups.take(),
        discrepancies,
        collected.read(),
        natives.tracer().errors(),
        collections,
        endedBefore());
  }

  /**
   * What native code did with a number; {@code null} also where Java holds it and that was how Java
   * came by it.
   */
  private NativeUse use(int number) {
    LedgerEntry entry = Ledger.entry(number);
    boolean javas = entry != null && !isEnded(entry);
    return javas && natives.tracer().isJdks(number) ? null : natives.tracer().use(number);
  }

  private Track follow(Descriptor descriptor, LedgerEntry entry, NativeUse use, Instant at) {
    int number = descriptor.number();
    int sequence = entry == null ? 0 : (int) entry.sequence() * 2 + (isEnded(entry) ? 1 : 0);
    boolean javas = entry != null && !isEnded(entry);
    int generation = javas || !NativeClaim.isLibrarys(use) ? 0 : (int) use.generation();
    Track track = tracks.get(number);
    if (track == null || track.generation != generation || !sameUse(track, sequence, descriptor)) {
      track = new Track(at, generation);
      tracks.put(number, track);
      inherited.set(number, scan == 1 && isInBaseline(descriptor));
      strangers.remove(number);
    }
    track.sequence = sequence;
    return track;
  }

  private static boolean sameUse(Track track, int sequence, Descriptor descriptor) {
    if (track.sequence == sequence) {
      return track.owned != null || track.was(descriptor);
    }
    return track.sequence == sequence - 1 && isLingering(track, descriptor);
  }

  /** A socket's close may wait (SO_LINGER): until it is done the socket is its owner's. */
  private static boolean isLingering(Track track, Descriptor descriptor) {
    return descriptor.kind().isSocket() && track.owned != null && track.owned.isAlso(descriptor);
  }

  private boolean isInBaseline(Descriptor descriptor) {
    String before = baseline.targets().get(descriptor.number());
    return before != null
        && (before.equals(descriptor.target())
            || descriptor.target().equals(before + " (deleted)"));
  }

  private OwnedDescriptor own(
      Descriptor descriptor,
      LedgerEntry entry,
      NativeUse use,
      Track track,
      List<Discrepancy> discrepancies) {
    if (entry == null || isEnded(entry) && !isLingering(track, descriptor)) {
      return unledgered(descriptor, use, track);
    }
    if (entry.own()) {
      track.owned = descriptor;
      return plain(descriptor, Owner.AGENT, track);
    }
    if (isSince(entry) || isOwners(descriptor, entry, use, track)) {
      if (!isSince(entry)) {
        track.owned = descriptor;
      }
      return javas(descriptor, entry, track);
    }
    NativeUse known = use == null ? natives.tracer().use(descriptor.number()) : use;
    OwnedDescriptor stranger = unledgered(descriptor, known, track);
    Identity before = strangers.put(descriptor.number(), descriptor.identity());
    if (descriptor.identity().equals(before)
        && !entry.closed()
        && !isDoubtful(entry)
        && !JvmFiles.isAttachConnection(stranger)) {
      discrepancies.add(discrepancy(entry, track.owned, descriptor, known));
    }
    return stranger;
  }

  /** Since when the ledger may have missed opens and closes; {@code null} while it is exact. */
  public Instant doubted() {
    return doubt.since();
  }

  /** Whether the entry's close may be among those that the ledger missed. */
  private boolean isDoubtful(LedgerEntry entry) {
    return doubt.includes(entry.openedNanos());
  }

  /**
   * Of a reconciliation, what was opened at this {@link System#nanoTime()} or later, by Java code
   * or a known library, and is beyond doubt open still.
   */
  public List<OwnedDescriptor> openedSince(long nanos, Reconciliation facts) {
    long from = openedAt(nanos);
    List<OwnedDescriptor> since = new ArrayList<>();
    for (Group group : facts.groups()) {
      if (group.key().owner() == Owner.JAVA || group.key().owner() == Owner.LIBRARY) {
        for (OwnedDescriptor owned : group.descriptors()) {
          if (owned.openedAt() >= from && !doubt.includes(nanos(owned)) && !isClosed(owned)) {
            since.add(owned);
          }
        }
      }
    }
    return since;
  }

  /** Whether Java's latest use of the number has ended, be it since the snapshot saw it. */
  private static boolean isClosed(OwnedDescriptor owned) {
    LedgerEntry entry = Ledger.entry(owned.descriptor().number());
    return owned.group().owner() == Owner.JAVA && entry != null && entry.closed();
  }

  /** When a descriptor that a book knows was opened, in {@link System#nanoTime()}. */
  public long nanos(OwnedDescriptor owned) {
    return owned.openedAt() - openedAt(0);
  }

  /**
   * What was opened at this {@link System#nanoTime()} or later and the garbage collector has
   * closed, as the last reconciliation knew; of very many the last.
   */
  public List<CollectedDescriptor> collectedSince(long nanos) {
    return collected.openedSince(nanos);
  }

  /**
   * Whether an entry was closed before the snapshot was begun. What was closed since then the
   * snapshot may have seen open: it stays its owner's in this scan, and is gone in the next.
   */
  private boolean isEnded(LedgerEntry entry) {
    return entry.closed() && !atBegin.get(entry.number()) && !isSince(entry);
  }

  private boolean isSince(LedgerEntry entry) {
    return entry.openedNanos() - begun >= 0;
  }

  /** Whether what the snapshot shows can be what the ledger says was opened. */
  private static boolean isOwners(
      Descriptor descriptor, LedgerEntry entry, NativeUse use, Track track) {
    if (NativeClaim.isLibrarys(use) && use.openedNanos() - entry.openedNanos() > 0) {
      // Native code was given the number although Java has it: Java's was closed in between.
      return false;
    }
    if (entry.replaced()) {
      return true;
    }
    if (track.owned != null) {
      return track.owned.isAlso(descriptor);
    }
    return canBe(entry.kind(), descriptor.kind());
  }

  /** A path may lead to anything that has a name; the other doors say exactly what they open. */
  static boolean canBe(OpenKind opened, Kind kind) {
    return switch (opened) {
      case PATH ->
          switch (kind) {
            case FILE, DIRECTORY, PIPE, DEVICE, MEMFD, OTHER -> true;
            default -> false;
          };
      case DIRECTORY -> kind == Kind.DIRECTORY;
      case SOCKET_TCP, SOCKET_UDP, SOCKET_UNIX, SOCKET_OTHER ->
          kind.isSocket() || kind == Kind.OTHER;
      case PIPE -> kind == Kind.PIPE;
      case EVENTPOLL -> kind == Kind.EVENTPOLL;
      case EVENTFD -> kind == Kind.EVENTFD;
      case INOTIFY -> kind == Kind.INOTIFY;
      case IO_COMPLETION -> kind == Kind.IO_COMPLETION;
      case PROCESS -> kind == Kind.PROCESS;
    };
  }

  /**
   * Of what Java did not open: the tracer has seen it, a Java object knows it, or its name tells.
   */
  private OwnedDescriptor unledgered(Descriptor descriptor, NativeUse use, Track track) {
    Owner claimed = NativeClaim.owner(use, descriptor);
    if (claimed == Owner.LIBRARY) {
      Library library = natives.libraries().apply(use);
      if (library != null) {
        return traced(descriptor, library, use, natives.handles().of(descriptor), track);
      }
    } else if (claimed != null) {
      return plain(descriptor, claimed, track);
    }
    KnownOwner handle = natives.handles().of(descriptor);
    if (handle != null) {
      return handled(descriptor, handle, track);
    }
    if (jvmFiles.has(descriptor)) {
      return plain(descriptor, Owner.JVM, track);
    }
    boolean before = inherited.get(descriptor.number());
    return plain(descriptor, before ? Owner.INHERITED : Owner.FOREIGN, track);
  }

  private OwnedDescriptor javas(Descriptor descriptor, LedgerEntry entry, Track track) {
    return new OwnedDescriptor(
        descriptor,
        key(track, Owner.JAVA, null, descriptor, sites.of(entry)),
        openedAt(entry.openedNanos()),
        true,
        entry.thread(),
        null,
        null,
        track.scans(descriptor),
        entry.ownerCollected() && !isDoubtful(entry));
  }

  private OwnedDescriptor traced(
      Descriptor descriptor, Library library, NativeUse use, KnownOwner handle, Track track) {
    return new OwnedDescriptor(
        descriptor,
        key(track, Owner.LIBRARY, library, descriptor, sites.of(use.stack(), handle)),
        openedAt(use.openedNanos()),
        true,
        thread(use, handle),
        use.call(),
        handle == null ? null : handle.meaning(),
        track.scans(descriptor),
        handle != null && handle.openedNanos() - use.openedNanos() > 0 && isUnreachable(handle));
  }

  /** The kernel cuts names at 15 bytes; Java has the whole name, if it is the same thread's. */
  private static String thread(NativeUse use, KnownOwner handle) {
    String kernels = use.thread();
    String javas = handle == null ? null : handle.thread();
    return kernels == null || javas != null && javas.startsWith(kernels) ? javas : kernels;
  }

  private OwnedDescriptor handled(Descriptor descriptor, KnownOwner handle, Track track) {
    return new OwnedDescriptor(
        descriptor,
        key(
            track,
            Owner.LIBRARY,
            new Library(handle.library(), handle.version(), null),
            descriptor,
            sites.of(NativeStack.NONE, handle)),
        openedAt(handle.openedNanos()),
        true,
        handle.thread(),
        null,
        handle.meaning(),
        track.scans(descriptor),
        isUnreachable(handle));
  }

  /** The object is gone, and its library says that nothing else closes what it stood for. */
  private static boolean isUnreachable(KnownOwner handle) {
    return handle.collected() && handle.closesAlone();
  }

  private OwnedDescriptor plain(Descriptor descriptor, Owner owner, Track track) {
    return new OwnedDescriptor(
        descriptor,
        key(track, owner, null, descriptor, Site.UNKNOWN),
        OwnedDescriptor.nanos(track.firstSeen),
        false,
        null,
        null,
        null,
        track.scans(descriptor),
        false);
  }

  private GroupKey key(
      Track track, Owner owner, Library library, Descriptor descriptor, Site site) {
    GroupKey before = track.last == null ? null : track.last.group();
    return groups.key(before, owner, library, descriptor.kind(), site);
  }

  /** Finds live entries whose number is not open, in this scan and in the one before. */
  private void findMissing(List<Discrepancy> discrepancies) {
    Map<Integer, Missing> missing = new HashMap<>();
    for (int number = Ledger.next(0); number >= 0; number = Ledger.next(number + 1)) {
      LedgerEntry entry = Ledger.entry(number);
      if (entry == null || entry.closed() || entry.own() || isSince(entry)) {
        continue;
      }
      Track track = tracks.get(number);
      if (isDoubtful(entry) || open.get(number)) {
        continue;
      }
      Missing before = missingBefore.get(number);
      if (before != null && before.sequence == entry.sequence()) {
        discrepancies.add(discrepancy(entry, before.before, null, natives.tracer().use(number)));
        missing.put(number, before);
      } else {
        missing.put(number, new Missing(entry.sequence(), track == null ? null : track.owned));
      }
    }
    missingBefore = missing;
  }

  private Discrepancy discrepancy(
      LedgerEntry entry, Descriptor before, Descriptor now, NativeUse use) {
    return new Discrepancy(
        entry.number(),
        entry.sequence(),
        before == null ? OpeningCall.kind(entry.kind()) : before.kind(),
        sites.of(entry),
        wallTime(entry.openedNanos()),
        entry.thread(),
        before,
        now,
        NativeAct.of(use, entry));
  }

  private Instant wallTime(long nanos) {
    return origin.plusNanos(nanos - originNanos);
  }

  /** {@link #wallTime} as {@link OwnedDescriptor#openedAt()} has it. */
  private long openedAt(long nanos) {
    return OwnedDescriptor.nanos(origin) + nanos - originNanos;
  }
}
