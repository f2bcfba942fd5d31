package io.descry.report;

import io.descry.report.ReportDocument.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * What differs between two JSON reports, of one process or of two: findings by rule and site,
 * groups by owner, library, kind and site. Neither ids nor numbers of descriptors are compared,
 * which another run has others of; of frames neither what the JVM makes up (classes of lambdas and
 * proxies) nor, where there is but one such on each side, lines and offsets, which another build
 * has elsewhere.
 *
 * @param before the first report
 * @param after the second report
 * @param findings those that differ, appeared ones first
 * @param groups those that differ, the largest change first
 */
public record ReportDiff(Side before, Side after, List<Change> findings, List<Change> groups) {
  /** What became of a finding or group. */
  public enum What {
    /** Only the second report has it. */
    APPEARED,
    /** Both have it, the second with a greater count. */
    GREW,
    /** Both have it, the second with a smaller count. */
    SHRANK,
    /** Both have it with the same count, and the finding's confidence is another. */
    CHANGED,
    /** Only the first report has it. */
    WENT
  }

  /**
   * A report.
   *
   * @param file its name as it was given
   * @param pid of the process; -1 when the report does not say
   * @param started when Descry began to watch it; {@code null} when the report does not say
   * @param written when the report was taken; {@code null} when it does not say
   * @param reason why it was written
   * @param open how many descriptors were open
   * @param limit the soft limit; {@code null} when unknown
   */
  public record Side(
      String file,
      long pid,
      Instant started,
      Instant written,
      String reason,
      long open,
      Long limit) {}

  /** One that differs; on the side that does not have it {@code null}. */
  record Change(What what, DiffEntry before, DiffEntry after) {
    /** The later one where there are two. */
    DiffEntry entry() {
      return after == null ? before : after;
    }

    long countBefore() {
      return before == null ? 0 : before.count();
    }

    long countAfter() {
      return after == null ? 0 : after.count();
    }
  }

  public ReportDiff {
    findings = List.copyOf(findings);
    groups = List.copyOf(groups);
  }

  /**
   * Compares two files.
   *
   * @throws IOException when one cannot be read or is no report of schema 1, with a message for the
   *     person who named them
   */
  public static ReportDiff of(Path before, Path after) throws IOException {
    Node first = ReportDocument.read(before);
    Node second = ReportDocument.read(after);
    List<Change> findings = changes(first, second, "findings");
    findings.sort(Comparator.comparing(Change::what));
    List<Change> groups = changes(first, second, "groups");
    groups.sort(
        Comparator.comparingLong(
            (Change change) -> -Math.abs(change.countAfter() - change.countBefore())));
    return new ReportDiff(side(before, first), side(after, second), findings, groups);
  }

  /** Whether nothing differs. */
  public boolean isSame() {
    return findings.isEmpty() && groups.isEmpty();
  }

  /** Whether both are of one process. */
  public boolean isOneProcess() {
    return before.pid == after.pid
        && before.started != null
        && before.started.equals(after.started);
  }

  private static Side side(Path file, Node report) {
    Double pid = report.at("process").at("pid").number();
    Double open = report.at("descriptors").at("open").number();
    Double limit = report.at("process").at("limitSoft").number();
    return new Side(
        file.toString(),
        pid == null ? -1 : pid.longValue(),
        time(report.at("descry").at("started").text()),
        time(report.at("descry").at("written").text()),
        report.at("descry").at("reason").text(),
        open == null ? 0 : open.longValue(),
        limit == null ? null : limit.longValue());
  }

  private static Instant time(String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      // Written by hand or by another program: then it is not known.
      return null;
    }
  }

  private static List<Change> changes(Node first, Node second, String name) {
    Map<Object, DiffEntry> before = entries(first.at(name));
    Map<Object, DiffEntry> after = entries(second.at(name));
    List<Change> changes = new ArrayList<>();
    for (Object key : Set.copyOf(before.keySet())) {
      if (after.containsKey(key)) {
        add(changes, before.remove(key), after.remove(key));
      }
    }
    Map<DiffEntry.Key, DiffEntry> looseBefore = onlyOnes(before);
    Map<DiffEntry.Key, DiffEntry> looseAfter = onlyOnes(after);
    looseBefore.forEach(
        (key, entry) -> {
          DiffEntry other = looseAfter.get(key);
          if (other != null) {
            before.remove(entry.key());
            after.remove(other.key());
            add(changes, entry, other);
          }
        });
    before.values().forEach(entry -> changes.add(new Change(What.WENT, entry, null)));
    after.values().forEach(entry -> changes.add(new Change(What.APPEARED, null, entry)));
    return changes;
  }

  private static void add(List<Change> changes, DiffEntry before, DiffEntry after) {
    if (before.count() != after.count()) {
      What what = before.count() < after.count() ? What.GREW : What.SHRANK;
      changes.add(new Change(what, before, after));
    } else if (!Objects.equals(before.confidence(), after.confidence())) {
      changes.add(new Change(What.CHANGED, before, after));
    }
  }

  private static Map<Object, DiffEntry> entries(Node list) {
    Map<Object, DiffEntry> entries = new LinkedHashMap<>();
    for (Node node : list.all()) {
      DiffEntry entry = DiffEntry.of(node);
      entries.merge(entry.key(), entry, DiffEntry::with);
    }
    return entries;
  }

  /** By what is equal in another build too, those of which there is one. */
  private static Map<DiffEntry.Key, DiffEntry> onlyOnes(Map<Object, DiffEntry> entries) {
    Map<DiffEntry.Key, List<DiffEntry>> all = new HashMap<>();
    Function<DiffEntry.Key, List<DiffEntry>> none = key -> new ArrayList<>();
    for (DiffEntry entry : entries.values()) {
      all.computeIfAbsent(entry.looseKey(), none).add(entry);
    }
    Map<DiffEntry.Key, DiffEntry> ones = new LinkedHashMap<>();
    all.forEach(
        (key, list) -> {
          if (list.size() == 1) {
            ones.put(key, list.get(0));
          }
        });
    return ones;
  }
}
