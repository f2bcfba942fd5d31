package io.descry.ledger;

import java.io.FileDescriptor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;

/**
 * What Java code opened and closed. The methods of the first part are called by the JDK's own open
 * and close sites, in the application's threads: they never throw, never wait, and write one slot.
 * The second part is Descry's reading side.
 *
 * <p>Stands on the bootstrap loader and knows nothing but {@code java.base}.
 */
public final class Ledger {
  /** Which opens keep their stack. */
  public enum Stacks {
    ALL,
    BUDGET,
    NONE
  }

  /** How many closes by the garbage collector wait for a scan at most; more are only counted. */
  private static final int COLLECTED_AT_MOST = 10_000;

  private static final long NO_HANDLE = -1;

  /** As many words of a search are told, for one of them to be found to be the handle. */
  private static final int SEARCH_WORDS = 2;

  private static final JavaIOFileDescriptorAccess NUMBERS =
      SharedSecrets.getJavaIOFileDescriptorAccess();
  private static final Unsafe UNSAFE = Unsafe.getUnsafe();
  private static final OpenKind[] KINDS = OpenKind.values();
  private static final Slots<LedgerEntry> SLOTS = new Slots<>();
  private static final LongAdder[] OPENS = adders();
  private static final LongAdder[] CLOSES = adders();
  private static final LongAdder OWN_OPEN = new LongAdder();
  private static final LongAdder WITHOUT_STACK = new LongAdder();
  private static final ArrayDeque<LedgerEntry> COLLECTED = new ArrayDeque<>();
  private static final Map<Long, LedgerEntry> SEARCHES = new ConcurrentHashMap<>();

  private static volatile StackBudget budget = new StackBudget(System.nanoTime());
  private static volatile Stacks stacks = Stacks.NONE;
  private static volatile ThreadGroup ownThreads;
  private static volatile Consumer<String> running;
  private static volatile Throwable fault;
  private static volatile int searchOffset = -1;
  private static volatile long[] ownSearch;

  /**
   * Whether an open or a close was missed since {@link #takeMissed} was last called. Set by advised
   * code when a call of the ledger threw, by the ledger when it failed inside.
   */
  public static volatile boolean missed;

  private Ledger() {}

  // What advised JDK code calls.

  /** An open succeeded; the object knows its number and owns it. */
  public static void opened(FileDescriptor descriptor, int kind) {
    try {
      record(number(descriptor), descriptor, KINDS[kind]);
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** Something with a path was opened; the object that will own the number is made later. */
  public static void openedPath(int number) {
    opened(number, null, OpenKind.PATH.ordinal());
  }

  /** An open succeeded, by number. */
  public static void opened(int number, Object owner, int kind) {
    try {
      record(number, owner, KINDS[kind]);
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** An open of a Windows handle succeeded. */
  public static void opened(long handle, Object owner, int kind) {
    opened(number(handle), owner, kind);
  }

  /** An open of a Windows handle that no object owns succeeded. */
  public static void opened(long handle, int kind) {
    opened(number(handle), null, kind);
  }

  /** Opens of Windows handles succeeded; the objects that own them are made elsewhere. */
  public static void opened(long[] handles, int kind) {
    try {
      for (long handle : handles) {
        record(number(handle), null, KINDS[kind]);
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** Opens of one owner succeeded. */
  public static void opened(int[] numbers, Object owner, int kind) {
    try {
      for (int number : numbers) {
        record(number, owner, KINDS[kind]);
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** An accept came back; it made a descriptor when {@code result} is positive. */
  public static void accepted(int result, FileDescriptor descriptor, int kind) {
    if (result > 0) {
      opened(descriptor, kind);
    }
  }

  /** An internet socket was made. */
  public static void socket(FileDescriptor descriptor, boolean stream) {
    opened(descriptor, (stream ? OpenKind.SOCKET_TCP : OpenKind.SOCKET_UDP).ordinal());
  }

  /** A number that was opened before has got the object that owns it. */
  public static void adopted(FileDescriptor descriptor) {
    try {
      LedgerEntry entry = live(number(descriptor));
      if (entry != null && !entry.hasOwner()) {
        entry.owner(descriptor);
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  /**
   * A directory stream was made: of a {@code DIR*} around a number that this thread has just
   * opened, and of a duplicate of that number.
   */
  public static void directoryStream(Object stream, long directory, int duplicate) {
    try {
      LedgerEntry opened = underDirectory(directory, Thread.currentThread());
      if (opened == null) {
        record(duplicate, stream, OpenKind.DIRECTORY);
      } else {
        opened.directory(directory);
        opened.owner(stream);
        // One call of the application's made both: they share its stack.
        LedgerEntry entry = write(duplicate, stream, OpenKind.DIRECTORY);
        entry.site(opened.site());
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** A close is about to happen. */
  public static void closing(FileDescriptor descriptor) {
    try {
      if (descriptor != null) {
        close(number(descriptor), true);
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** A close is about to happen. */
  public static void closing(int number) {
    try {
      close(number, true);
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** A close of a Windows handle is about to happen. */
  public static void closing(long handle) {
    closing(number(handle));
  }

  /** A close of a Windows handle is about to happen, unless it was closed {@code already}. */
  public static void closing(boolean already, long handle) {
    if (!already) {
      closing(number(handle));
    }
  }

  /** Closes are about to happen. */
  public static void closing(int[] numbers) {
    try {
      for (int number : numbers) {
        close(number, true);
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** A {@code DIR*} is about to be closed, unless it was {@code already}. */
  public static void closingDirectory(boolean already, long directory) {
    try {
      if (!already) {
        LedgerEntry entry = ofDirectory(directory);
        if (entry != null) {
          close(entry.number(), true);
        }
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  /**
   * A handle of Windows that Java leaves to the garbage collector by design, as a child's is, is
   * about to be closed by it.
   */
  public static void cleaning(long handle) {
    try {
      close(number(handle), false);
    } catch (Throwable t) {
      broken(t);
    }
  }

  /**
   * A directory of Windows is being listed. {@code search} is what FindFirstFile gave out: the
   * address of what holds the handle, in a place that Windows does not document. Until that is
   * {@linkplain #searchesHold(int) known}, only what Descry's own threads list is kept, for {@link
   * #takeOwnSearch()}.
   */
  public static void searching(Object stream, long search) {
    try {
      int offset = searchOffset;
      if (offset >= 0) {
        int number = number(UNSAFE.getLong(search + offset));
        record(number, stream, OpenKind.DIRECTORY);
        LedgerEntry entry = live(number);
        if (entry != null) {
          SEARCHES.put(search, entry);
        }
      } else if (isOwn(Thread.currentThread())) {
        long[] words = new long[SEARCH_WORDS];
        for (int i = 0; i < SEARCH_WORDS; i++) {
          words[i] = UNSAFE.getLong(search + (long) i * Long.BYTES);
        }
        ownSearch = words;
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** A directory of Windows is about to be listed no more, unless it was {@code open} no longer. */
  public static void searched(boolean open, long search) {
    try {
      LedgerEntry entry = open ? SEARCHES.remove(search) : null;
      // Else the number was closed behind the stream's back, and is another's.
      if (entry != null && live(entry.number()) == entry) {
        close(entry.number(), true);
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** The JDK is about to put something else under a number that stays its owner's. */
  public static void replaced(FileDescriptor descriptor) {
    try {
      if (descriptor != null) {
        replaced(number(descriptor));
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  /** The JDK is about to put something else under a number that stays its owner's. */
  public static void replaced(int number) {
    try {
      LedgerEntry entry = live(number);
      if (entry != null) {
        entry.replacedByJdk();
      }
    } catch (Throwable t) {
      broken(t);
    }
  }

  // What Descry calls.

  /**
   * Begins to keep stacks, and to tell Descry's own descriptors by the group of the thread that
   * opens them.
   */
  public static void configure(Stacks mode, ThreadGroup own) {
    ownThreads = own;
    budget = new StackBudget(System.nanoTime());
    stacks = mode;
  }

  /**
   * The first words of what FindFirstFile last gave to a thread of Descry's, once; {@code null}
   * when there is none, or where the handle stands is known.
   */
  public static long[] takeOwnSearch() {
    long[] taken = ownSearch;
    ownSearch = null;
    return taken;
  }

  /** From now on what FindFirstFile gives out holds the handle so many bytes from its beginning. */
  public static void searchesHold(int offset) {
    searchOffset = offset;
  }

  /** The entry under a number, live or closed; {@code null} when Java never opened it. */
  public static LedgerEntry entry(int number) {
    return number < 0 ? null : SLOTS.get(number);
  }

  /** The lowest number from {@code from} on that Java ever opened, -1 when there is none. */
  public static int next(int from) {
    return SLOTS.next(from);
  }

  /** How many descriptors of a kind Java opened so far, less Descry's own. */
  public static long opens(OpenKind kind) {
    return OPENS[kind.ordinal()].sum();
  }

  /** How many descriptors of a kind Java closed so far, less Descry's own. */
  public static long closes(OpenKind kind) {
    return CLOSES[kind.ordinal()].sum();
  }

  /** How many descriptors that Descry's threads opened are open now. */
  public static int ownOpen() {
    return OWN_OPEN.intValue();
  }

  /** How many opens so far have no stack because the budget was spent. */
  public static long withoutStack() {
    return WITHOUT_STACK.sum();
  }

  /** Hands over the entries that the garbage collector closed since the last call. */
  public static List<LedgerEntry> takeCollected() {
    synchronized (COLLECTED) {
      List<LedgerEntry> taken = new ArrayList<>(COLLECTED);
      COLLECTED.clear();
      return taken;
    }
  }

  /** Whether {@link #takeCollected} has something to hand over. */
  public static boolean hasCollected() {
    synchronized (COLLECTED) {
      return !COLLECTED.isEmpty();
    }
  }

  /** The first failure of the ledger itself, {@code null} while it is exact. */
  public static Throwable fault() {
    return fault;
  }

  /**
   * Whether something was missed since the last call: what was opened before may have been closed
   * without the ledger's knowing.
   */
  public static boolean takeMissed() {
    boolean was = missed;
    if (was) {
      missed = false;
    }
    return was;
  }

  /** Takes a command for the Descry that runs in this JVM; {@code null} when none does. */
  public static Consumer<String> running() {
    return running;
  }

  /** Makes a Descry the one that runs in this JVM. */
  public static void running(Consumer<String> commands) {
    running = commands;
  }

  /**
   * A file has its handle and no number on Windows, a socket its number and no handle, the standard
   * streams both (FileDescriptor.java, 17 to 25); elsewhere there is no handle.
   */
  private static int number(FileDescriptor descriptor) {
    if (Slots.WINDOWS) {
      long handle = NUMBERS.getHandle(descriptor);
      if (handle != NO_HANDLE) {
        return number(handle);
      }
    }
    return NUMBERS.get(descriptor);
  }

  /**
   * A handle as a number: 32 bits of it mean something, whatever the width of the process
   * (Microsoft, "Interprocess Communication Between 32-bit and 64-bit Applications").
   *
   * @return negative for what is no handle of an object: INVALID_HANDLE_VALUE, pseudo handles
   */
  private static int number(long handle) {
    return handle <= 0 || handle > Integer.MAX_VALUE ? -1 : (int) handle;
  }

  private static void record(int number, Object owner, OpenKind kind) {
    if (number < 0) {
      return;
    }
    LedgerEntry before = SLOTS.get(number);
    if (before != null && !before.closed() && owner != null && before.ownedBy(owner)) {
      // An inner door has recorded this open already.
      return;
    }
    LedgerEntry entry = write(number, owner, kind);
    if (!entry.own()) {
      entry.opened(stack(entry.openedNanos(), WITHOUT_STACK));
    }
  }

  private static LedgerEntry write(int number, Object owner, OpenKind kind) {
    LedgerEntry before = SLOTS.get(number);
    long sequence = before == null ? 1 : before.sequence() + 1;
    Thread thread = Thread.currentThread();
    boolean ours = isOwn(thread);
    LedgerEntry entry =
        new LedgerEntry(number, sequence, kind, System.nanoTime(), thread, ours, owner);
    SLOTS.set(number, entry);
    if (ours) {
      OWN_OPEN.increment();
    } else {
      OPENS[kind.ordinal()].increment();
    }
    return entry;
  }

  /**
   * The stack of an open that was recorded at {@code begun}; {@code null} when none is to be taken.
   *
   * @param without counts the opens for which the budget had nothing left
   */
  static Throwable stack(long begun, LongAdder without) {
    Stacks mode = stacks;
    if (mode == Stacks.ALL) {
      return new OpenStack();
    }
    if (mode == Stacks.BUDGET) {
      StackBudget spending = budget;
      if (spending.allows(begun)) {
        Throwable stack = new OpenStack();
        spending.charge(begun, System.nanoTime());
        return stack;
      }
      without.increment();
    }
    return null;
  }

  /**
   * @param telling whether it is told when the garbage collector does it
   */
  private static void close(int number, boolean telling) {
    LedgerEntry entry = live(number);
    if (entry == null) {
      return;
    }
    boolean collected = telling && !entry.own() && byCollector(Thread.currentThread());
    entry.close(collected);
    if (entry.own()) {
      OWN_OPEN.decrement();
    } else {
      CLOSES[entry.openedAs().ordinal()].increment();
    }
    if (collected) {
      synchronized (COLLECTED) {
        if (COLLECTED.size() < COLLECTED_AT_MOST) {
          COLLECTED.add(entry);
        }
      }
    }
  }

  private static boolean isOwn(Thread thread) {
    ThreadGroup own = ownThreads;
    return own != null && thread.getThreadGroup() == own;
  }

  /** Whether this is the thread on which java.base's cleaners run (CleanerFactory, 17 to 25). */
  private static boolean byCollector(Thread thread) {
    return "Common-Cleaner".equals(thread.getName());
  }

  private static LedgerEntry live(int number) {
    LedgerEntry entry = entry(number);
    return entry == null || entry.closed() ? null : entry;
  }

  private static LedgerEntry underDirectory(long directory, Thread thread) {
    LedgerEntry guess = live(numberIn(directory));
    if (guess != null && isFreshDirectory(guess, thread)) {
      return guess;
    }
    LedgerEntry latest = null;
    for (int number = next(0); number >= 0; number = next(number + 1)) {
      LedgerEntry entry = live(number);
      if (entry != null
          && isFreshDirectory(entry, thread)
          && (latest == null || entry.openedNanos() - latest.openedNanos() > 0)) {
        latest = entry;
      }
    }
    return latest;
  }

  private static boolean isFreshDirectory(LedgerEntry entry, Thread thread) {
    return entry.kind() == OpenKind.PATH && !entry.hasOwner() && entry.openedBy(thread);
  }

  private static LedgerEntry ofDirectory(long directory) {
    LedgerEntry guess = live(numberIn(directory));
    if (guess != null && guess.directory() == directory) {
      return guess;
    }
    for (int number = next(0); number >= 0; number = next(number + 1)) {
      LedgerEntry entry = live(number);
      if (entry != null && entry.directory() == directory) {
        return entry;
      }
    }
    return null;
  }

  /**
   * A guess at the number in an open {@code DIR}: glibc keeps it first (sysdeps/unix/sysv/linux
   * dirstream.h). Callers check it against the ledger, so a libc that does not only costs a search.
   */
  private static int numberIn(long directory) {
    return UNSAFE.getInt(directory);
  }

  private static void broken(Throwable t) {
    // Storing is all that is safe here: memory or stack may be what ran out.
    missed = true;
    if (fault == null) {
      fault = t;
    }
  }

  private static LongAdder[] adders() {
    LongAdder[] adders = new LongAdder[KINDS.length];
    for (int i = 0; i < adders.length; i++) {
      adders[i] = new LongAdder();
    }
    return adders;
  }
}
