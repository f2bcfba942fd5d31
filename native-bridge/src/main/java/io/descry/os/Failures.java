package io.descry.os;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the system refused, by call and error. For several threads. */
public final class Failures {
  private record Key(String operation, String errno) {}

  private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

  /** No failure so far. */
  public Failures() {
    // Loads what counting and listing need: the first failure may be that nothing can be opened any
    // more.
    count("", "");
    list();
    counts.clear();
  }

  /** Counts one more of these; texts as in {@link Failure}. */
  public void count(String operation, String errno) {
    counts.computeIfAbsent(new Key(operation, errno), key -> new LongAdder()).increment();
  }

  /** All that were counted, by operation and error. */
  public List<Failure> list() {
    return counts.entrySet().stream()
        .map(e -> new Failure(e.getKey().operation(), e.getKey().errno(), e.getValue().sum()))
        .sorted(Comparator.comparing(Failure::operation).thenComparing(Failure::errno))
        .toList();
  }
}
