package io.descry.reconcile;

import io.descry.os.Descriptor;
import java.time.Instant;

/**
 * A descriptor of the snapshot with its one owner.
 *
 * @param descriptor what the operating system says
 * @param group owner, kind and site
 * @param openedAt {@link #opened()} in nanoseconds since 1970, UTC
 * @param openedExactly whether {@link #opened()} is from a book rather than from a scan
 * @param thread name of the thread that opened it; {@code null} when unknown
 * @param call the function by which native code opened it, such as {@code epoll_create1}; {@code
 *     null} when unknown, and for what Java opened
 * @param meaning what it is to the library that holds it, in words; {@code null} when unknown
 * @param scans in how many scans in a row it was seen with this identity and the books unmoved; 1
 *     at first sight
 * @param ownerUnreachable whether the Java object that owned the number has been garbage-collected
 *     though the number is still open; false when no owner is known
 */
public record OwnedDescriptor(
    Descriptor descriptor,
    GroupKey group,
    long openedAt,
    boolean openedExactly,
    String thread,
    String call,
    String meaning,
    int scans,
    boolean ownerUnreachable) {
  private static final long SECOND = 1_000_000_000;

  /** One of which the time is known as an instant, before the year 2262. */
  public OwnedDescriptor(
      Descriptor descriptor,
      GroupKey group,
      Instant opened,
      boolean openedExactly,
      String thread,
      String call,
      String meaning,
      int scans,
      boolean ownerUnreachable) {
    this(
        descriptor,
        group,
        nanos(opened),
        openedExactly,
        thread,
        call,
        meaning,
        scans,
        ownerUnreachable);
  }

  /** When it was opened as a book has it, or when a scan first saw it. */
  public Instant opened() {
    return Instant.ofEpochSecond(Math.floorDiv(openedAt, SECOND), Math.floorMod(openedAt, SECOND));
  }

  /** An instant as {@link #openedAt()} has it. */
  static long nanos(Instant at) {
    return Math.addExact(Math.multiplyExact(at.getEpochSecond(), SECOND), at.getNano());
  }
}
