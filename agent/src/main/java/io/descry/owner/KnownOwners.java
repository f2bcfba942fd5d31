package io.descry.owner;

import io.descry.ledger.HandleEntry;
import io.descry.ledger.Handles;
import io.descry.os.Descriptor;
import io.descry.os.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells which Java object of a library stands for a descriptor. Not safe for several threads.
 *
 * <p>Handles that know a number are bound to the identity that the number had when they were first
 * asked for: when it is another thing later, the object has been forgotten by its library, and says
 * nothing of the new one.
 */
public final class KnownOwners {
  private static final int LONGEST_MEANING = 200;

  /**
   * What was found out of a handle, and keeps nothing of the application.
   *
   * @param first the identity of its number when it was first asked for, {@code null} before
   * @param paths what it claims by path, {@code null} when nothing
   */
  private record Memo(Identity first, PathClaim paths) {}

  private final List<OwnerModules.Entry> types;
  private final Versions versions = new Versions();
  private final Stacks stacks = new Stacks();
  private List<HandleEntry> others = List.of();

  /** Reads the handles of these modules. */
  public KnownOwners(OwnerModules modules) {
    types = modules.entries();
  }

  /** Looks at what was opened and closed since; to be called at the beginning of each scan. */
  public void refresh() {
    others = Handles.others();
    for (HandleEntry entry : others) {
      // Read soon, for a stack pins classes.
      stacks.of(entry);
    }
    for (int number = Handles.next(0); number >= 0; number = Handles.next(number + 1)) {
      stacks.of(Handles.entry(number));
    }
  }

  /**
   * The object that stands for a descriptor: one that knows its number, else the newest one that
   * knows its path. Whether it is newer than what other books say of the number is for the caller
   * to compare.
   */
  public Optional<KnownOwner> of(Descriptor descriptor) {
    HandleEntry byNumber = Handles.entry(descriptor.number());
    if (byNumber != null && isFor(byNumber, descriptor)) {
      return Optional.of(read(byNumber));
    }
    HandleEntry best = null;
    for (HandleEntry entry : others) {
      if (isFor(entry, descriptor)
          && (best == null || entry.openedNanos() - best.openedNanos() > 0)) {
        best = entry;
      }
    }
    return best == null ? Optional.empty() : Optional.of(read(best));
  }

  /** The open objects that claim neither number nor path, such as a runtime's; in no order. */
  public List<KnownOwner> unplaced() {
    List<KnownOwner> unplaced = new ArrayList<>();
    for (HandleEntry entry : others) {
      if (!entry.closed() && entry.number() < 0 && entry.path() == null) {
        unplaced.add(read(entry));
      }
    }
    return unplaced;
  }

  private boolean isFor(HandleEntry entry, Descriptor descriptor) {
    int number = entry.number();
    if (entry.closed() || entry.type() >= types.size()) {
      return false;
    }
    if (number >= 0) {
      return number == descriptor.number() && isStill(entry, descriptor.identity());
    }
    PathClaim claim = paths(entry);
    return claim != null && claim.covers(descriptor.target());
  }

  private static boolean isStill(HandleEntry entry, Identity now) {
    if (entry.memo() instanceof Memo memo && memo.first() != null) {
      return memo.first().device() == now.device() && memo.first().inode() == now.inode();
    }
    entry.memo(new Memo(now, null));
    return true;
  }

  private PathClaim paths(HandleEntry entry) {
    if (entry.path() == null) {
      return null;
    }
    if (entry.memo() instanceof Memo memo) {
      return memo.paths();
    }
    PathClaim claim = PathClaim.of(entry.path(), claim(entry));
    entry.memo(new Memo(null, claim));
    return claim;
  }

  private Claim claim(HandleEntry entry) {
    for (HandleType.Open open : types.get(entry.type()).type().opens()) {
      if (open.claim().kind() == Claim.Kind.FILE || open.claim().kind() == Claim.Kind.DIRECTORY) {
        return open.claim();
      }
    }
    return Claim.nothing();
  }

  private KnownOwner read(HandleEntry entry) {
    boolean isPart = entry.wholeType() >= 0 && entry.wholeType() < types.size();
    OwnerModules.Entry known = types.get(isPart ? entry.wholeType() : entry.type());
    Object object = isPart ? entry.whole() : entry.owner();
    String className = isPart ? entry.wholeClassName() : entry.className();
    String artifact = artifact(known.module(), className);
    return new KnownOwner(
        artifact.substring(artifact.indexOf(':') + 1),
        versions.of(artifact, object, className),
        entry.className(),
        stacks.of(entry),
        entry.ownerCollected(),
        entry.number() >= 0
            && !entry.shared()
            && closesAlone(known.module(), entry.className(), entry.wholeClassName()),
        object == null ? null : meaning(known.module(), object),
        entry.openedNanos(),
        entry.thread());
  }

  private static boolean closesAlone(OwnerModule module, String className, String whole) {
    try {
      return module.closesAlone(className, whole);
    } catch (RuntimeException | LinkageError e) {
      // A module's fault: nothing is proven then.
      return false;
    }
  }

  private static String artifact(OwnerModule module, String className) {
    try {
      return module.artifact(className);
    } catch (RuntimeException | LinkageError e) {
      // A module's fault: the handle's class still says which library it is.
      return className;
    }
  }

  private static String meaning(OwnerModule module, Object object) {
    try {
      String text = module.meaning(object);
      return text == null || text.length() <= LONGEST_MEANING
          ? text
          : text.substring(0, LONGEST_MEANING);
    } catch (RuntimeException | LinkageError e) {
      // Another version of the library, or one in a module that lets nobody look.
      return null;
    }
  }
}
