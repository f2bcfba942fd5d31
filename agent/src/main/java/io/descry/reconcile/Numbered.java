package io.descry.reconcile;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Something for each of many descriptor numbers, which are dense because the kernel gives out the
 * lowest free one: found by one index, without an object for the number, and gone through in
 * ascending order. Takes memory for all numbers around those that have something. Not safe for
 * several threads.
 *
 * @param <T> what is kept
 */
public final class Numbered<T> {
  private static final int BITS = 10;
  private static final int PAGE = 1 << BITS;

  private Object[][] pages = new Object[16][];

  /** What a number has; {@code null} when nothing. */
  @SuppressWarnings("unchecked") // put takes nothing else
  public T get(int number) {
    int page = number >>> BITS;
    return page >= pages.length || pages[page] == null ? null : (T) pages[page][number & PAGE - 1];
  }

  /** Gives a number something, in place of what it had. */
  public void put(int number, T value) {
    int page = number >>> BITS;
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, Math.max(page + 1, 2 * pages.length));
    }
    if (pages[page] == null) {
      pages[page] = new Object[PAGE];
    }
    pages[page][number & PAGE - 1] = value;
  }

  /** Asks about each, ascending by number, and lets go of those of which the answer is no. */
  @SuppressWarnings("unchecked") // put takes nothing else
  public void retain(Predicate<? super T> keep) {
    for (int page = 0; page < pages.length; page++) {
      if (pages[page] != null) {
        boolean empty = true;
        for (int slot = 0; slot < PAGE; slot++) {
          T value = (T) pages[page][slot];
          if (value != null && !keep.test(value)) {
            pages[page][slot] = null;
          }
          empty &= pages[page][slot] == null;
        }
        pages[page] = empty ? null : pages[page];
      }
    }
  }
}
