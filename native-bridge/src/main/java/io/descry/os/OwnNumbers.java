package io.descry.os;

import java.util.Arrays;

/**
 * Numbers that Descry opened elsewhere and named to the adapter: a few, looked through for every
 * descriptor of a scan. For several threads.
 */
public final class OwnNumbers {
  private volatile int[] numbers = {};

  /** Adds one, unless it is there. */
  public synchronized void add(int number) {
    if (!contains(number)) {
      int[] more = Arrays.copyOf(numbers, numbers.length + 1);
      more[numbers.length] = number;
      numbers = more;
    }
  }

  /** Removes one, if it is there. */
  public synchronized void remove(int number) {
    numbers = Arrays.stream(numbers).filter(own -> own != number).toArray();
  }

  /** Whether it was added. */
  public boolean contains(int number) {
    for (int own : numbers) {
      if (own == number) {
        return true;
      }
    }
    return false;
  }

  /** How many there are. */
  public int size() {
    return numbers.length;
  }
}
