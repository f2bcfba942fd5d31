package io.descry.ledger;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The entries by descriptor number, in segments that come into being when a number first falls into
 * them. Lock-free. On Linux numbers are dense, because the kernel hands out the lowest free one; on
 * Windows handles are multiples of four, sockets among them, as the lowest two bits belong to the
 * application (winnt.h's SDK documentation of object handles), so that a quarter of one is dense.
 */
final class Slots<E> {
  /** Whether numbers are Windows' handles. */
  static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

  /** A constant when methods are compiled: for Linux nothing is left of a shift by 0. */
  private static final int UNUSED_BITS = WINDOWS ? 2 : 0;

  private static final int SEGMENT_BITS = 10;
  private static final int SEGMENT = 1 << SEGMENT_BITS;

  /**
   * Numbers below 2^24, handles below 2^26: Linux allows no more by default (fs.nr_open is 2^20),
   * and Windows no process more than 2^24 handles.
   */
  private static final int SEGMENTS = 1 << 14;

  private final AtomicReferenceArray<AtomicReferenceArray<E>> segments =
      new AtomicReferenceArray<>(SEGMENTS);

  /** The entry under a number, {@code null} when there never was one or the number is too large. */
  E get(int number) {
    int dense = number >>> UNUSED_BITS;
    int index = dense >>> SEGMENT_BITS;
    if (index >= SEGMENTS) {
      return null;
    }
    AtomicReferenceArray<E> segment = segments.get(index);
    return segment == null ? null : segment.get(dense & SEGMENT - 1);
  }

  /** Puts an entry under a number, which is not negative. */
  void set(int number, E entry) {
    int dense = number >>> UNUSED_BITS;
    int index = dense >>> SEGMENT_BITS;
    AtomicReferenceArray<E> segment = segments.get(index);
    if (segment == null) {
      segments.compareAndSet(index, null, new AtomicReferenceArray<>(SEGMENT));
      segment = segments.get(index);
    }
    segment.setRelease(dense & SEGMENT - 1, entry);
  }

  /** The lowest number from {@code from} on that has an entry, -1 when there is none. */
  int next(int from) {
    int dense = (from >>> UNUSED_BITS) + ((from & (1 << UNUSED_BITS) - 1) == 0 ? 0 : 1);
    for (int index = dense >>> SEGMENT_BITS; index < SEGMENTS; index++) {
      AtomicReferenceArray<E> segment = segments.get(index);
      if (segment != null) {
        int first = index == dense >>> SEGMENT_BITS ? dense & SEGMENT - 1 : 0;
        for (int slot = first; slot < SEGMENT; slot++) {
          if (segment.getPlain(slot) != null) {
            return (index << SEGMENT_BITS | slot) << UNUSED_BITS;
          }
        }
      }
    }
    return -1;
  }
}
