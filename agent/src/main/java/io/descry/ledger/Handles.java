package io.descry.ledger;

import java.io.File;
import java.io.FileDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;

/**
 * The Java objects that stand for something native, as the libraries that owner modules know made
 * and closed them. The methods of the first part are called by advised library code, in the
 * application's threads: they never throw and never wait. The second part is Descry's reading side.
 *
 * <p>Handles that know their number are found by it, as in the {@link Ledger}; there is one entry
 * for a number, that of its last use. The others (databases, runtimes) are few, and are found by
 * their object.
 */
public final class Handles {
  /** How many handles without a number are kept at most; more are only counted. */
  private static final int OTHERS_AT_MOST = 20_000;

  private static final int SWEEP_FROM = 1_000;

  private static final JavaIOFileDescriptorAccess NUMBERS =
      SharedSecrets.getJavaIOFileDescriptorAccess();
  private static final Slots<HandleEntry> SLOTS = new Slots<>();
  private static final Map<Object, HandleEntry> OTHERS = new ConcurrentHashMap<>();
  private static final LongAdder WITHOUT_STACK = new LongAdder();
  private static final LongAdder LOST = new LongAdder();

  private static volatile Throwable fault;
  private static volatile int sweepAt = SWEEP_FROM;

  /** Whether a handle was missed. Set by advised code when a call of this class threw. */
  public static volatile boolean missed;

  private Handles() {}

  // What advised library code calls.

  /** An object that stands for a number was made. */
  public static void opened(Object owner, int number, int type) {
    try {
      if (owner == null || number < 0) {
        return;
      }
      HandleEntry before = SLOTS.get(number);
      if (before != null && before.ownedBy(owner)) {
        // One constructor called another.
        return;
      }
      HandleEntry entry = new HandleEntry(type, owner, number, null, null);
      if (before != null && !before.closed()) {
        entry.sharedWithEarlier();
      }
      SLOTS.set(number, entry);
      entry.site(Ledger.stack(entry.openedNanos(), WITHOUT_STACK));
    } catch (Throwable t) {
      broken(t);
    }
  }

  /**
   * An object was made that stands for what is under a path (a {@code String} or {@code File}), for
   * the number that a {@code FileDescriptor} has or will have, or (anything else) for something
   * native that nothing tells yet.
   */
  public static void opened(Object owner, Object claim, int type) {
    try {
      if (owner == null || other(owner) != null) {
        // Nothing was made, or one overload called another.
        return;
      }
      String path =
          claim instanceof String text ? text : claim instanceof File file ? file.getPath() : null;
      FileDescriptor descriptor = claim instanceof FileDescriptor known ? known : null;
      if (!hasRoom()) {
        LOST.increment();
        return;
      }
      HandleEntry entry = new HandleEntry(type, owner, -1, path, descriptor);
      OTHERS.put(entry, entry);
      entry.site(Ledger.stack(entry.openedNanos(), WITHOUT_STACK));
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** A handle that was made before has got the larger object that it is a part of. */
  public static void part(Object part, Object whole, int type) {
    try {
      HandleEntry entry = part == null || whole == null ? null : of(part);
      if (entry != null) {
        entry.partOf(whole, type);
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** An object that knows its number is about to be closed, or was already. */
  public static void closing(Object owner, int number) {
    try {
      HandleEntry entry = number < 0 ? null : SLOTS.get(number);
      if (entry != null && entry.ownedBy(owner)) {
        entry.close();
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** An object that was not made with a number is about to be closed, or was already. */
  public static void closing(Object owner) {
    try {
      HandleEntry entry = owner == null ? null : other(owner);
      if (entry != null) {
        entry.close();
        OTHERS.remove(entry);
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  // What Descry calls.

  /** The handle that stands, or stood last, for a number; {@code null} when there was none. */
  public static HandleEntry entry(int number) {
    return number < 0 ? null : SLOTS.get(number);
  }

  /** The lowest number from {@code from} on for which there ever was a handle, -1 if none. */
  public static int next(int from) {
    return SLOTS.next(from);
  }

  /** The handles that were not made with a number and may be open still, in no order. */
  public static List<HandleEntry> others() {
    sweep();
    return new ArrayList<>(OTHERS.values());
  }

  /** How many handles so far have no stack because the budget was spent. */
  public static long withoutStack() {
    return WITHOUT_STACK.sum();
  }

  /** How many handles without a number were not recorded, because there were too many of them. */
  public static long lost() {
    return LOST.sum();
  }

  /** The first failure inside, {@code null} while there was none. */
  public static Throwable fault() {
    return fault;
  }

  static int numberOf(FileDescriptor descriptor) {
    return NUMBERS.get(descriptor);
  }

  private static HandleEntry of(Object owner) {
    HandleEntry other = other(owner);
    if (other != null) {
      return other;
    }
    for (int number = SLOTS.next(0); number >= 0; number = SLOTS.next(number + 1)) {
      HandleEntry entry = SLOTS.get(number);
      if (entry.ownedBy(owner)) {
        return entry;
      }
    }
    return null;
  }

  private static HandleEntry other(Object owner) {
    return OTHERS.get(new OwnerKey(owner));
  }

  /** Sweeps whenever the map has doubled, so that the cost of it stays a share of each open. */
  private static boolean hasRoom() {
    int size = OTHERS.size();
    if (size >= sweepAt && size < OTHERS_AT_MOST) {
      sweep();
      sweepAt = Math.max(SWEEP_FROM, 2 * OTHERS.size());
    }
    return OTHERS.size() < OTHERS_AT_MOST;
  }

  private static void sweep() {
    for (HandleEntry entry : OTHERS.values()) {
      if (entry.isSpent()) {
        OTHERS.remove(entry);
      }
    }
  }

  private static void broken(Throwable t) {
    // Storing is all that is safe here: memory or stack may be what ran out.
    missed = true;
    if (fault == null) {
      fault = t;
    }
  }
}
