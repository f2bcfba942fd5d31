package io.descry.detect;

import io.descry.os.Kind;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Site;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes one finding of what is opened and forgotten together. An event loop is an eventpoll (or a
 * ring) with an eventfd, a timerfd, a pipe or a pair of sockets; an open database is files and a
 * directory; a child process is three pipes. Others belong to a finding when they have its owner,
 * its library and its place in Java code (of a library's, nearly), and when in nearly every scan in
 * which some of the finding's were first seen, so many times as many of them were. Where no place
 * in Java code is known, only what is known to belong together does.
 */
final class Bundles {
  private static final int MOST_EACH = 8;
  private static final double LEAST_EACH = 0.5;
  private static final double SAME = 0.8;
  private static final double NEARLY = 0.25;
  private static final double LATE = 0.5;

  /** Calls of the application between a method and its library. */
  private static final int CALLS = 3;

  private final Commands commands;
  private final Scan scan;
  private final List<Finding> findings;
  private final Set<String> taken = new HashSet<>();
  private final Set<GroupKey> used = new HashSet<>();

  private Bundles(Commands commands, Scan scan, List<Finding> findings) {
    this.commands = commands;
    this.scan = scan;
    this.findings = findings;
  }

  /** Puts together what belongs together; a finding taken in is gone. */
  static List<Finding> together(Commands commands, Scan scan, List<Finding> findings) {
    Bundles bundles = new Bundles(commands, scan, findings);
    List<Finding> all = new ArrayList<>();
    findings.stream()
        .sorted(
            Comparator.comparing((Finding finding) -> rank(finding.group().kind()))
                // That something grows says less than any other rule.
                .thenComparing(finding -> finding.rule().equals(Growth.NAME))
                .thenComparing(Finding::firstSeen)
                .thenComparing(Finding::id))
        .forEach(
            finding -> {
              if (!bundles.taken.contains(finding.id())) {
                all.add(bundles.with(finding));
              }
            });
    return all;
  }

  private static int rank(Kind kind) {
    return switch (kind) {
      case IO_URING -> 0;
      case EVENTPOLL -> 1;
      case FILE -> 2;
      default -> 3;
    };
  }

  private static boolean belongs(Kind main, Kind kind) {
    return switch (main) {
      case IO_URING -> kind == Kind.EVENTFD || kind == Kind.TIMERFD || kind == Kind.EVENTPOLL;
      case EVENTPOLL ->
          switch (kind) {
            case EVENTFD, TIMERFD, SIGNALFD, PIPE, SOCKET_UNIX, INOTIFY -> true;
            default -> false;
          };
      case FILE -> kind == Kind.DIRECTORY;
      default -> false;
    };
  }

  private Finding with(Finding main) {
    used.add(main.group());
    if (main.descriptors().size() < 2 || main.rule().equals(ClosedByCollector.NAME)) {
      return main;
    }
    Map<Kind, List<OwnedDescriptor>> parts = new EnumMap<>(Kind.class);
    Confidence confidence = main.confidence();
    for (Group group : scan.groups().values()) {
      if (!used.contains(group.key()) && isFromSamePlace(main.group(), group.key())) {
        List<OwnedDescriptor> matching = matching(scan, main.descriptors(), group.descriptors());
        if (!matching.isEmpty()) {
          used.add(group.key());
          parts.computeIfAbsent(group.key().kind(), any -> new ArrayList<>()).addAll(matching);
          for (Finding other : findings) {
            if (other.group().equals(group.key())
                && !other.rule().equals(ClosedByCollector.NAME)
                && 2 * matching.size() >= other.count()) {
              taken.add(other.id());
              confidence =
                  confidence.compareTo(other.confidence()) <= 0 ? confidence : other.confidence();
            }
          }
        }
      }
    }
    return parts.isEmpty() ? main : bundle(main, confidence, parts);
  }

  private static boolean isFromSamePlace(GroupKey main, GroupKey part) {
    List<String> place = place(main.site());
    return main.owner() == part.owner()
        && Objects.equals(main.library(), part.library())
        && (main.owner() == Owner.LIBRARY
            ? isNear(place, place(part.site()))
            : place.equals(place(part.site())))
        && (!place.isEmpty() || belongs(main.kind(), part.kind()));
  }

  /** Where the application began to have both opened. */
  private static List<String> place(Site site) {
    return site.fromApplication();
  }

  /**
   * Whether a library was called from one method of the application, or from methods that it
   * called: a binding, and what makes an object of several handles.
   */
  private static boolean isNear(List<String> one, List<String> other) {
    if (one.equals(other)) {
      return true;
    }
    for (int i = 0; i < Math.min(CALLS, one.size()); i++) {
      for (int j = 0; j < Math.min(CALLS, other.size()); j++) {
        if (method(one.get(i)).equals(method(other.get(j)))
            && one.subList(i + 1, one.size()).equals(other.subList(j + 1, other.size()))) {
          return true;
        }
      }
    }
    return false;
  }

  /** A frame without its line. */
  private static String method(String frame) {
    int parenthesis = frame.indexOf('(');
    return parenthesis < 0 ? frame : frame.substring(0, parenthesis);
  }

  /** The descriptors of a group that came with those of the finding; empty when they did not. */
  private static List<OwnedDescriptor> matching(
      Scan scan, List<OwnedDescriptor> mains, List<OwnedDescriptor> others) {
    SortedMap<Long, Integer> came = new TreeMap<>();
    mains.forEach(owned -> came.merge(scan.firstTick(owned), 1, Integer::sum));
    List<OwnedDescriptor> same =
        others.stream().filter(owned -> came.containsKey(scan.firstTick(owned))).toList();
    double each = same.size() / (double) mains.size();
    if (same.size() < SAME * others.size() || each < LEAST_EACH || each > MOST_EACH) {
      return List.of();
    }
    Map<Long, Integer> cameToo = new HashMap<>();
    same.forEach(owned -> cameToo.merge(scan.firstTick(owned), 1, Integer::sum));
    double late = 0;
    int fit = 0;
    for (Map.Entry<Long, Integer> entry : came.entrySet()) {
      int count = entry.getValue();
      double missing = each * count - cameToo.getOrDefault(entry.getKey(), 0);
      late += missing;
      // A scan may come between the two.
      if (Math.abs(missing) <= NEARLY * count || Math.abs(late) <= LATE * each * count) {
        fit += count;
      }
    }
    return fit >= SAME * mains.size() ? same : List.of();
  }

  private Finding bundle(
      Finding main, Confidence confidence, Map<Kind, List<OwnedDescriptor>> parts) {
    int mains = main.descriptors().size();
    Map<Kind, List<OwnedDescriptor>> byKind = new LinkedHashMap<>();
    byKind.put(main.group().kind(), new ArrayList<>(main.descriptors()));
    parts.forEach(
        (kind, more) -> byKind.computeIfAbsent(kind, any -> new ArrayList<>()).addAll(more));
    String what =
        byKind.entrySet().stream()
            .map(entry -> entry.getValue().size() + " " + entry.getKey().label())
            .collect(Collectors.joining(", "));
    List<OwnedDescriptor> all =
        Stream.concat(main.descriptors().stream(), parts.values().stream().flatMap(List::stream))
            .sorted(Comparator.comparing(OwnedDescriptor::opened))
            .toList();
    double times = all.size() / (double) mains;
    List<Evidence> evidence = new ArrayList<>(main.evidence());
    evidence.add(
        1, new Evidence("bundle", "these were opened together: " + what, commands.counts(byKind)));
    return new Finding(
        main.id(),
        main.rule(),
        confidence,
        main.hazard(),
        main.group(),
        main.count() - mains + all.size(),
        all,
        evidence,
        main.firstSeen(),
        main.ratePerMinute() * times,
        main.exhaustion(),
        main.advice());
  }
}
