package io.descry.ledger;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The entries by descriptor number, in segments that come into being when a number first falls into
 * them. Lock-free; numbers are dense, because the kernel hands out the lowest free one.
 */
final class Slots<E> {
  private static final int SEGMENT_BITS = 10;
  private static final int SEGMENT = 1 << SEGMENT_BITS;

  /** Numbers below 2^24; Linux allows no more by default (fs.nr_open is 2^20). */
  private static final int SEGMENTS = 1 << 14;

  private final AtomicReferenceArray<AtomicReferenceArray<E>> segments =
      new AtomicReferenceArray<>(SEGMENTS);

  /** The entry under a number, {@code null} when there never was one or the number is too large. */
  E get(int number) {
    int index = number >>> SEGMENT_BITS;
    if (index >= SEGMENTS) {
      return null;
    }
    AtomicReferenceArray<E> segment = segments.get(index);
    return segment == null ? null : segment.get(number & SEGMENT - 1);
  }

  /** Puts an entry under a number, which is not negative. */
  void set(int number, E entry) {
    int index = number >>> SEGMENT_BITS;
    AtomicReferenceArray<E> segment = segments.get(index);
    if (segment == null) {
      segments.compareAndSet(index, null, new AtomicReferenceArray<>(SEGMENT));
      segment = segments.get(index);
    }
    segment.setRelease(number & SEGMENT - 1, entry);
  }

  /** The lowest number from {@code from} on that has an entry, -1 when there is none. */
  int next(int from) {
    for (int index = from >>> SEGMENT_BITS; index < SEGMENTS; index++) {
      AtomicReferenceArray<E> segment = segments.get(index);
      if (segment != null) {
        int first = index == from >>> SEGMENT_BITS ? from & SEGMENT - 1 : 0;
        for (int slot = first; slot < SEGMENT; slot++) {
          if (segment.getPlain(slot) != null) {
            return index << SEGMENT_BITS | slot;
          }
        }
      }
    }
    return -1;
  }
}
