package io.descry.os.linux;

import io.descry.os.Failure;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the system refused, by call and error. For several threads. */
final class Failures {
  private record Key(String operation, String errno) {}

  private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

  Failures() {
    // Loads what counting and listing need: the first failure may be that nothing can be opened any
    // more.
    count("", Errno.EMFILE);
    list();
    counts.clear();
  }

  void count(String operation, int errno) {
    count(operation, Errno.name(errno));
  }

  void count(String operation, String errno) {
    counts.computeIfAbsent(new Key(operation, errno), key -> new LongAdder()).increment();
  }

  List<Failure> list() {
    return counts.entrySet().stream()
        .map(e -> new Failure(e.getKey().operation(), e.getKey().errno(), e.getValue().sum()))
        .sorted(Comparator.comparing(Failure::operation).thenComparing(Failure::errno))
        .toList();
  }
}
