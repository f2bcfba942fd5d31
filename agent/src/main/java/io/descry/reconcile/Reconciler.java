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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lays the books side by side: gives every descriptor of a snapshot its one owner by what ledger,
 * tracer and the libraries' own objects say, and finds where ledger and snapshot disagree. A
 * disagreement is believed when two scans in a row show it with the ledger unmoved. Not safe for
 * several threads.
 */
public final class Reconciler {
  /** What earlier scans saw under a number. */
  private static final class Track {
    Identity identity;
    long sequence;
    long generation;
    Instant firstSeen;
    int scans;
    Descriptor owned;
    Identity strange;
    boolean inherited;
  }

  /** A live entry whose number is not open, and what the number was before. */
  private record Missing(long sequence, Descriptor before) {}

  private final Baseline baseline;
  private final JvmFiles jvmFiles;
  private final NativeBooks natives;
  private final SiteBook sites = new SiteBook();
  private final CollectedSites collected = new CollectedSites(sites);
  private final EndedUses ended;
  private List<EndedUse> justEnded = List.of();
  private final Instant origin = Instant.now();
  private final long originNanos = System.nanoTime();
  private Map<Integer, Track> tracks = new HashMap<>();
  private Map<Integer, Missing> missingBefore = Map.of();
  private long scan;
  private long begun;
  private volatile Instant doubted;
  private long doubtedNanos;

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
    this.ended = new EndedUses(sites, natives, this::wallTime);
  }

  /**
   * Reads what has ended since the last scan. To be called before a snapshot is begun: what that
   * opens and closes itself takes the place of what has ended.
   */
  public void begin() {
    justEnded = ended.read(tracks.keySet());
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
    if (Ledger.takeMissed()) {
      doubtedNanos = System.nanoTime();
      doubted = doubted == null ? Instant.now() : doubted;
    }
    Map<Integer, Track> seen = new HashMap<>();
    Map<GroupKey, List<OwnedDescriptor>> groups = new LinkedHashMap<>();
    List<Discrepancy> discrepancies = new ArrayList<>();
    for (Descriptor descriptor : snapshot.descriptors()) {
      // Before the entry: what Java has opened since then is in the entry, so the later book wins.
      NativeUse use = natives.tracer().use(descriptor.number());
      LedgerEntry entry = Ledger.entry(descriptor.number());
      Track track = follow(descriptor, entry, use, snapshot.at());
      seen.put(descriptor.number(), track);
      OwnedDescriptor owned = own(descriptor, entry, use, track, discrepancies);
      if (owned.group().owner() != Owner.AGENT) {
        groups.computeIfAbsent(owned.group(), key -> new ArrayList<>()).add(owned);
      }
    }
    findMissing(seen, discrepancies);
    tracks = seen;
    List<Group> all = new ArrayList<>();
    groups.forEach((key, descriptors) -> all.add(new Group(key, descriptors)));
    return new Reconciliation(
        scan,
        snapshot.at(),
        limits,
        all,
        discrepancies,
        collected.read(),
        natives.tracer().errors(),
        collections,
        endedBefore());
  }

  private Track follow(Descriptor descriptor, LedgerEntry entry, NativeUse use, Instant at) {
    long sequence = entry == null ? 0 : entry.sequence() * 2 + (entry.closed() ? 1 : 0);
    boolean javas = entry != null && !entry.closed();
    long generation = javas || !NativeClaim.isLibrarys(use) ? 0 : use.generation();
    Track track = tracks.get(descriptor.number());
    if (track == null || track.generation != generation || !sameUse(track, sequence, descriptor)) {
      track = new Track();
      track.firstSeen = at;
      track.inherited = scan == 1 && isInBaseline(descriptor);
    }
    track.scans = descriptor.identity().equals(track.identity) ? track.scans + 1 : 1;
    track.identity = descriptor.identity();
    track.sequence = sequence;
    track.generation = generation;
    return track;
  }

  private static boolean sameUse(Track track, long sequence, Descriptor descriptor) {
    if (track.sequence == sequence) {
      return track.owned != null || descriptor.identity().equals(track.identity);
    }
    return track.sequence == sequence - 1 && isLingering(track, descriptor);
  }

  /** A socket's close may wait (SO_LINGER): until it is done the socket is its owner's. */
  private static boolean isLingering(Track track, Descriptor descriptor) {
    return descriptor.kind().isSocket()
        && track.owned != null
        && track.owned.identity().equals(descriptor.identity());
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
    if (entry == null || entry.closed() && !isLingering(track, descriptor)) {
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
    OwnedDescriptor stranger = unledgered(descriptor, use, track);
    if (descriptor.identity().equals(track.strange)
        && !isDoubtful(entry)
        && !JvmFiles.isAttachConnection(stranger)) {
      discrepancies.add(discrepancy(entry, track.owned, descriptor, use));
    }
    track.strange = descriptor.identity();
    return stranger;
  }

  /** Since when the ledger may have missed opens and closes; {@code null} while it is exact. */
  public Instant doubted() {
    return doubted;
  }

  /** Whether the entry's close may be among those that the ledger missed. */
  private boolean isDoubtful(LedgerEntry entry) {
    return doubted != null && entry.openedNanos() - doubtedNanos <= 0;
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
      return track.owned.identity().equals(descriptor.identity());
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
    return plain(descriptor, track.inherited ? Owner.INHERITED : Owner.FOREIGN, track);
  }

  private OwnedDescriptor javas(Descriptor descriptor, LedgerEntry entry, Track track) {
    return new OwnedDescriptor(
        descriptor,
        new GroupKey(Owner.JAVA, null, descriptor.kind(), sites.of(entry)),
        wallTime(entry.openedNanos()),
        true,
        entry.thread(),
        null,
        null,
        track.scans,
        entry.ownerCollected() && !isDoubtful(entry));
  }

  private OwnedDescriptor traced(
      Descriptor descriptor, Library library, NativeUse use, KnownOwner handle, Track track) {
    return new OwnedDescriptor(
        descriptor,
        new GroupKey(Owner.LIBRARY, library, descriptor.kind(), sites.of(use.stack(), handle)),
        wallTime(use.openedNanos()),
        true,
        thread(use, handle),
        use.call(),
        handle == null ? null : handle.meaning(),
        track.scans,
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
        new GroupKey(
            Owner.LIBRARY,
            new Library(handle.library(), handle.version(), null),
            descriptor.kind(),
            sites.of(NativeStack.NONE, handle)),
        wallTime(handle.openedNanos()),
        true,
        handle.thread(),
        null,
        handle.meaning(),
        track.scans,
        isUnreachable(handle));
  }

  /** The object is gone, and its library says that nothing else closes what it stood for. */
  private static boolean isUnreachable(KnownOwner handle) {
    return handle.collected() && handle.closesAlone();
  }

  private static OwnedDescriptor plain(Descriptor descriptor, Owner owner, Track track) {
    return new OwnedDescriptor(
        descriptor,
        new GroupKey(owner, null, descriptor.kind(), Site.UNKNOWN),
        track.firstSeen,
        false,
        null,
        null,
        null,
        track.scans,
        false);
  }

  /** Finds live entries whose number is not open, in this scan and in the one before. */
  private void findMissing(Map<Integer, Track> seen, List<Discrepancy> discrepancies) {
    Map<Integer, Missing> missing = new HashMap<>();
    for (int number = Ledger.next(0); number >= 0; number = Ledger.next(number + 1)) {
      LedgerEntry entry = Ledger.entry(number);
      if (entry == null || entry.closed() || entry.own() || isSince(entry)) {
        continue;
      }
      if (isDoubtful(entry) || seen.containsKey(number)) {
        continue;
      }
      Missing before = missingBefore.get(number);
      if (before != null && before.sequence == entry.sequence()) {
        discrepancies.add(discrepancy(entry, before.before, null, natives.tracer().use(number)));
        missing.put(number, before);
      } else {
        Track track = tracks.get(number);
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
        before == null ? kindOf(entry.kind()) : before.kind(),
        sites.of(entry),
        wallTime(entry.openedNanos()),
        entry.thread(),
        before,
        now,
        NativeAct.of(use, entry));
  }

  static Kind kindOf(OpenKind opened) {
    return switch (opened) {
      case PATH -> Kind.FILE;
      case DIRECTORY -> Kind.DIRECTORY;
      case SOCKET_TCP -> Kind.SOCKET_TCP;
      case SOCKET_UDP -> Kind.SOCKET_UDP;
      case SOCKET_UNIX -> Kind.SOCKET_UNIX;
      case SOCKET_OTHER -> Kind.OTHER;
      case PIPE -> Kind.PIPE;
      case EVENTPOLL -> Kind.EVENTPOLL;
      case EVENTFD -> Kind.EVENTFD;
      case INOTIFY -> Kind.INOTIFY;
    };
  }

  private Instant wallTime(long nanos) {
    return origin.plusNanos(nanos - originNanos);
  }
}
