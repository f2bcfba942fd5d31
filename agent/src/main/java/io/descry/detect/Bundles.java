package io.descry.detect;

import io.descry.os.Kind;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Site;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes one finding of what is opened and forgotten together. An event loop is an eventpoll (or a
 * ring) with an eventfd, a timerfd, a pipe or a pair of sockets; an open database is files and a
 * directory. Others belong to a finding when they have its owner, its library and its place in Java
 * code, and when in nearly every scan in which some of the finding's were first seen, so many times
 * as many of them were.
 */
final class Bundles {
  private static final int MOST_EACH = 8;
  private static final double SAME = 0.8;
  private static final double NEARLY = 0.25;

  private final Commands commands;

  Bundles(Commands commands) {
    this.commands = commands;
  }

  /** Puts together what belongs together; a finding taken in is gone. */
  List<Finding> together(Scan scan, List<Finding> findings) {
    List<Finding> all = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    List<Finding> mainFirst =
        findings.stream()
            .sorted(Comparator.comparing(finding -> rank(finding.group().kind())))
            .toList();
    for (Finding finding : mainFirst) {
      if (!taken.contains(finding.id())) {
        all.add(with(scan, finding, findings, taken));
      }
    }
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

  private static boolean canBePart(Kind main, Kind kind) {
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

  private Finding with(Scan scan, Finding main, List<Finding> findings, Set<String> taken) {
    if (main.descriptors().size() < 2 || main.rule().equals(ClosedByCollector.NAME)) {
      return main;
    }
    Map<Kind, List<OwnedDescriptor>> parts = new EnumMap<>(Kind.class);
    for (Group group : scan.groups().values()) {
      if (canBePart(main.group().kind(), group.key().kind())
          && isFromSamePlace(main.group(), group.key())) {
        List<OwnedDescriptor> matching = matching(scan, main.descriptors(), group.descriptors());
        if (!matching.isEmpty()) {
          parts.computeIfAbsent(group.key().kind(), any -> new ArrayList<>()).addAll(matching);
          findings.stream()
              .filter(other -> other.group().equals(group.key()))
              .filter(other -> 2 * matching.size() >= other.count())
              .forEach(other -> taken.add(other.id()));
        }
      }
    }
    return parts.isEmpty() ? main : bundle(main, parts);
  }

  private static boolean isFromSamePlace(GroupKey main, GroupKey part) {
    return main.owner() == part.owner()
        && Objects.equals(main.library(), part.library())
        && place(main.site()).equals(place(part.site()));
  }

  /** Where the application began to have both opened. */
  private static List<String> place(Site site) {
    return site.fromApplication();
  }

  /** The descriptors of a group that came with those of the finding; empty when they did not. */
  private static List<OwnedDescriptor> matching(
      Scan scan, List<OwnedDescriptor> mains, List<OwnedDescriptor> others) {
    Map<Long, Integer> came = new HashMap<>();
    mains.forEach(owned -> came.merge(scan.firstTick(owned), 1, Integer::sum));
    List<OwnedDescriptor> same =
        others.stream().filter(owned -> came.containsKey(scan.firstTick(owned))).toList();
    if (same.size() < SAME * others.size()) {
      return List.of();
    }
    Map<Long, Integer> cameToo = new HashMap<>();
    same.forEach(owned -> cameToo.merge(scan.firstTick(owned), 1, Integer::sum));
    double each = same.size() / (double) mains.size();
    int fit =
        came.entrySet().stream()
            .filter(
                entry ->
                    Math.abs(cameToo.getOrDefault(entry.getKey(), 0) - each * entry.getValue())
                        <= NEARLY * entry.getValue())
            .mapToInt(Map.Entry::getValue)
            .sum();
    return each <= MOST_EACH && fit >= SAME * mains.size() ? same : List.of();
  }

  private Finding bundle(Finding main, Map<Kind, List<OwnedDescriptor>> parts) {
    int mains = main.descriptors().size();
    String what =
        Stream.concat(
                Stream.of(mains + " " + main.group().kind().label()),
                parts.entrySet().stream()
                    .map(part -> part.getValue().size() + " " + part.getKey().label()))
            .collect(Collectors.joining(", "));
    List<OwnedDescriptor> all =
        Stream.concat(main.descriptors().stream(), parts.values().stream().flatMap(List::stream))
            .sorted(Comparator.comparing(OwnedDescriptor::opened))
            .toList();
    double times = all.size() / (double) mains;
    List<Evidence> evidence = new ArrayList<>(main.evidence());
    evidence.add(
        1,
        new Evidence(
            "bundle",
            "these were opened together: " + what,
            commands.counts(main.group().kind(), parts.keySet())));
    return new Finding(
        main.id(),
        main.rule(),
        main.confidence(),
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
