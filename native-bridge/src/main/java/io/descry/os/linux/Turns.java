package io.descry.os.linux;

/**
 * Of more than can be asked in one scan, which are asked now: the next numbers after those of the
 * scan before. For one thread at a time.
 */
final class Turns {
  private int from;
  private int next;
  private int left;
  private boolean more;

  /** Before the first number of each scan, of which at most so many have their turn. */
  void begin(int many) {
    from = more ? next : 0;
    left = many;
    more = false;
  }

  /** Whether it is this number's turn; to be asked in ascending order. */
  boolean has(int number) {
    if (number < from) {
      return false;
    }
    if (left == 0) {
      more = true;
      return false;
    }
    left--;
    next = number + 1;
    return true;
  }
}
