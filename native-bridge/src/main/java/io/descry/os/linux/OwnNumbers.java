package io.descry.os.linux;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Numbers that Descry opened elsewhere and named to the adapter. For several threads. */
final class OwnNumbers {
  private final Set<Integer> numbers = ConcurrentHashMap.newKeySet();

  void add(int number) {
    numbers.add(number);
  }

  void remove(int number) {
    numbers.remove(number);
  }

  boolean contains(int number) {
    return numbers.contains(number);
  }

  int size() {
    return numbers.size();
  }
}
