package io.descry.metrics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A meter of one registry with a counter for each combination of tags once it occurs, up to a
 * bound; those that come later are counted together as {@value LabelValue#OTHER}.
 */
final class BoundedCounters {
  private static final int MOST = 64;

  private final Meters meters;
  private final String name;
  private final String description;
  private final List<String> tags;
  private final List<LabelValue> labels = new ArrayList<>();
  private final List<String> rest;
  private final Set<List<String>> known = new HashSet<>();
  private final Set<List<String>> registered = new HashSet<>();
  private volatile Map<List<String>, Long> counts = Map.of();

  BoundedCounters(Meters meters, String name, String description, String... tags) {
    this.meters = meters;
    this.name = name;
    this.description = description;
    this.tags = List.of(tags);
    this.rest = Collections.nCopies(tags.length, LabelValue.OTHER);
    this.tags.forEach(tag -> labels.add(new LabelValue(MOST)));
  }

  /**
   * Takes over what has been counted so far.
   *
   * @param totals by the values of the tags, in their order
   */
  void refresh(Map<List<String>, Long> totals) {
    Map<List<String>, Long> now = new HashMap<>();
    totals.forEach((values, count) -> now.merge(row(values), count, Long::sum));
    counts = now;
    for (List<String> row : now.keySet()) {
      if (registered.add(row)) {
        meters.counter(name, description, tags(row), () -> of(row));
      }
    }
  }

  private List<String> tags(List<String> row) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      all.add(tags.get(i));
      all.add(row.get(i));
    }
    return all;
  }

  private long of(List<String> row) {
    return counts.getOrDefault(row, 0L);
  }

  private List<String> row(List<String> values) {
    List<String> row = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      row.add(labels.get(i).of(values.get(i)));
    }
    if (known.contains(row)) {
      return row;
    }
    return known.size() < MOST && known.add(row) ? row : rest;
  }
}
