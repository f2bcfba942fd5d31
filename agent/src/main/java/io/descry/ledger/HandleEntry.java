package io.descry.ledger;

import java.io.FileDescriptor;
import java.lang.ref.WeakReference;

/**
 * A Java object that stands for something native, as its library made it: the number that it knows,
 * or the path that it opened, or nothing but itself.
 *
 * <p>Written by the opening thread before it is published; later writes are the volatile fields.
 */
public final class HandleEntry {
  private final int type;
  private final int hash;
  private final String className;
  private final String path;
  private final WeakReference<FileDescriptor> descriptor;
  private final WeakReference<Object> owner;
  private final long openedNanos;
  private final String thread;

  private volatile int number;
  private volatile boolean closed;
  private volatile boolean shared;
  private volatile Object site;
  private volatile Object memo;
  private volatile Whole whole;

  /** The larger object that a handle is a part of. */
  private record Whole(int type, String className, WeakReference<Object> object) {}

  HandleEntry(int type, Object owner, int number, String path, FileDescriptor descriptor) {
    this.type = type;
    this.hash = System.identityHashCode(owner);
    this.className = owner.getClass().getName();
    this.owner = new WeakReference<>(owner);
    this.number = number;
    this.path = path;
    this.descriptor = descriptor == null ? null : new WeakReference<>(descriptor);
    this.openedNanos = System.nanoTime();
    this.thread = Thread.currentThread().getName();
  }

  /** Which declaration of which module it is, as advised code said. */
  public int type() {
    return type;
  }

  /** Name of the object's class. */
  public String className() {
    return className;
  }

  /** The descriptor's number, -1 when the handle knows none (yet). */
  public int number() {
    FileDescriptor known = descriptor == null ? null : descriptor.get();
    if (known != null) {
      int now = Handles.numberOf(known);
      if (now < 0 && number >= 0) {
        // Whoever had it has closed it: both java.io and junixsocket then write -1 there.
        close();
      } else {
        number = now;
      }
    }
    return number;
  }

  /**
   * Whether an earlier object stood for the number, and was not seen to be closed, when this one
   * was made: what has become of this one then tells nothing of the number.
   */
  public boolean shared() {
    return shared;
  }

  void sharedWithEarlier() {
    shared = true;
  }

  /** The path that it opened, as the library was told it; {@code null} when it has none. */
  public String path() {
    return path;
  }

  /** When it was opened, in {@link System#nanoTime()}. */
  public long openedNanos() {
    return openedNanos;
  }

  /** Name of the thread that opened it. */
  public String thread() {
    return thread;
  }

  /** Whether a close of it has begun. */
  public boolean closed() {
    return closed;
  }

  /** The object; {@code null} once it is collected or closed. Not to be kept. */
  public Object owner() {
    return owner.get();
  }

  /** Whether the object was garbage-collected without a close. */
  public boolean ownerCollected() {
    return !closed && owner.refersTo(null);
  }

  /** The object that this one is a part of, such as an event loop; {@code null} when unknown. */
  public Object whole() {
    Whole known = whole;
    return known == null ? null : known.object.get();
  }

  /** Class name of the object that this one is a part of; {@code null} when it is of none. */
  public String wholeClassName() {
    Whole known = whole;
    return known == null ? null : known.className;
  }

  /** The declaration of the object that this one is a part of, -1 when it is of none. */
  public int wholeType() {
    Whole known = whole;
    return known == null ? -1 : known.type;
  }

  /**
   * The stack of the open as a {@link Throwable}, whatever {@link #site(Object)} has put in its
   * place, or {@code null} when no stack was taken.
   */
  public Object site() {
    return site;
  }

  /** Replaces the stack by what was read from it, so that the stack pins no classes any more. */
  public void site(Object read) {
    site = read;
  }

  /** What the reader has put here, {@code null} at first. */
  public Object memo() {
    return memo;
  }

  /** Lets the reader keep what it found out of this handle. */
  public void memo(Object read) {
    memo = read;
  }

  boolean ownedBy(Object candidate) {
    return owner.refersTo(candidate);
  }

  /** Whether nothing can be learnt from it any more. */
  boolean isSpent() {
    boolean neverOpened = descriptor != null && number() < 0 && owner.refersTo(null);
    return closed || neverOpened;
  }

  /** Of the owner's identity: the entry is found by a {@link OwnerKey}, and equals only itself. */
  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  void partOf(Object larger, int largerType) {
    whole = new Whole(largerType, larger.getClass().getName(), new WeakReference<>(larger));
  }

  void close() {
    closed = true;
    owner.clear();
    site = null;
    whole = null;
  }
}
