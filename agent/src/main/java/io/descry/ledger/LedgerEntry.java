package io.descry.ledger;

import java.lang.ref.WeakReference;
import jdk.internal.misc.Unsafe;

/**
 * One open that the ledger recorded. After the close it stays in its slot, without its owner, until
 * the number is opened again: it tells one use of the number from the next, and where a use was
 * opened that has ended.
 *
 * <p>Written by the opening thread before it is published; later writes are the volatile fields.
 * {@code collected} is written before the volatile {@code closed}, and read after it. What every
 * open and close writes is written in release mode: who reads it is never after it in an order that
 * a full fence would keep, and such fences are what the record of an open costs besides its memory.
 */
public final class LedgerEntry {
  private static final Unsafe UNSAFE = Unsafe.getUnsafe();
  private static final long CLOSED = UNSAFE.objectFieldOffset(LedgerEntry.class, "closed");
  private static final long OWNER = UNSAFE.objectFieldOffset(LedgerEntry.class, "owner");
  private static final long SITE = UNSAFE.objectFieldOffset(LedgerEntry.class, "site");

  private static final OpenKind[] KINDS = OpenKind.values();

  private final int number;
  private final long sequence;

  // A number and half a number: so an entry takes 64 bytes. Only of what a thread has just opened
  // is it asked whether that thread did.
  private final byte kind;
  private final int threadId;
  private final long openedNanos;
  private final String thread;
  private final boolean own;

  private boolean collected;
  private boolean taken;
  private volatile boolean closed;
  private volatile boolean replaced;
  private volatile WeakReference<Object> owner;
  private volatile Object site;
  private volatile long directory;

  LedgerEntry(
      int number,
      long sequence,
      OpenKind kind,
      long openedNanos,
      Thread thread,
      boolean own,
      Object owner) {
    this.number = number;
    this.sequence = sequence;
    this.kind = (byte) kind.ordinal();
    this.openedNanos = openedNanos;
    this.thread = thread.getName();
    this.threadId = (int) threadId(thread);
    this.own = own;
    if (owner != null) {
      UNSAFE.putReferenceRelease(this, OWNER, new WeakReference<>(owner));
    }
  }

  /** {@code Thread.threadId()} came with 19 and deprecated this one; Descry runs on 17 too. */
  @SuppressWarnings("deprecation")
  static long threadId(Thread thread) {
    return thread.getId();
  }

  /** The descriptor's number. */
  public int number() {
    return number;
  }

  /** Tells this use of the number from earlier and later ones; ascends by one from 1. */
  public long sequence() {
    return sequence;
  }

  /** What the door knows of it. */
  public OpenKind kind() {
    return directory == 0 ? openedAs() : OpenKind.DIRECTORY;
  }

  OpenKind openedAs() {
    return KINDS[kind];
  }

  /** When it was opened, in {@link System#nanoTime()}. */
  public long openedNanos() {
    return openedNanos;
  }

  /** Name of the thread that opened it. */
  public String thread() {
    return thread;
  }

  /** Whether a thread of Descry's opened it. */
  public boolean own() {
    return own;
  }

  /** Whether a close of it has begun. */
  public boolean closed() {
    return closed;
  }

  /** Whether the garbage collector closed it; false while it is not {@link #closed()}. */
  public boolean collected() {
    return closed && collected;
  }

  /**
   * Takes note that its end has been read; for one thread at a time.
   *
   * @return whether this is the first time
   */
  public boolean takeEnd() {
    boolean first = !taken;
    taken = true;
    return first;
  }

  /**
   * Whether the JDK itself put something else under the number while its owner keeps it: a channel
   * that is being closed under its users lives on as a duplicate of a marker socket.
   */
  public boolean replaced() {
    return replaced;
  }

  /**
   * Whether the Java object that owned the number has been garbage-collected; false when no owner
   * is known.
   */
  public boolean ownerCollected() {
    WeakReference<Object> known = owner;
    return known != null && known.refersTo(null);
  }

  /**
   * The stack of the open as a {@link Throwable}, whatever {@link #site(Object)} has put in its
   * place, or {@code null} when no stack was taken. It stays after the close.
   */
  public Object site() {
    return site;
  }

  /** The stack of the open, taken by the thread that opened it. */
  void opened(Throwable stack) {
    if (stack != null) {
      UNSAFE.putReferenceRelease(this, SITE, stack);
    }
  }

  /**
   * Replaces the stack by what was read from it, {@code null} for nothing, so that the stack pins
   * no classes any more.
   */
  public void site(Object read) {
    site = read;
  }

  long directory() {
    return directory;
  }

  void directory(long stream) {
    directory = stream;
  }

  boolean openedBy(Thread candidate) {
    return threadId == (int) threadId(candidate);
  }

  boolean ownedBy(Object candidate) {
    WeakReference<Object> known = owner;
    return known != null && known.refersTo(candidate);
  }

  boolean hasOwner() {
    return owner != null;
  }

  void owner(Object adopter) {
    owner = new WeakReference<>(adopter);
  }

  void replacedByJdk() {
    replaced = true;
  }

  /** The stack stays: where short-lived ones were opened is known from what has ended. */
  void close(boolean byCollector) {
    collected = byCollector;
    UNSAFE.putBooleanRelease(this, CLOSED, true);
    UNSAFE.putReferenceRelease(this, OWNER, null);
  }
}
