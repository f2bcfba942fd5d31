package io.descry.os.linux;

/**
 * Gives equal values as one object, if one of them was given of late: what is kept for each of very
 * many descriptors often says the same, such as a server's own address or the one file that leaks.
 * Remembers a fixed number. For one thread at a time.
 *
 * @param <T> of what is never changed
 */
final class Recent<T> {
  private static final int PLACES = 256;

  private final Object[] places = new Object[PLACES];

  /** An equal value: this one, or an earlier one. */
  @SuppressWarnings("unchecked") // equal values are of one class
  T one(T value) {
    int hash = value.hashCode();
    int place = (hash ^ hash >>> 16) & PLACES - 1;
    Object known = places[place];
    if (value.equals(known)) {
      return (T) known;
    }
    places[place] = value;
    return value;
  }
}
