package io.descry.detect;

import io.descry.os.Kind;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * More descriptors are open, for long, than the application believes it holds ({@link Excess} says
 * what that means). That is evidence for what other rules have found among them, and makes of a
 * suspect that it explains something probable, as two signs are independent. What no other finding
 * explains is a finding of its own, never more than probable: the application's book may be wrong.
 *
 * <p>It speaks of the group that has grown by about as many since there was no excess.
 */
final class UnexpectedHandles {
  static final String NAME = "unexpected-handles";

  /** How long what was seen to rise evenly until then is taken to rise still, in scans. */
  private static final int PAUSE = 16;

  /**
   * What makes a finding.
   *
   * @param suspect how many in excess
   * @param rounds in how many different scans they must have come up
   * @param even whether evenly
   * @param probable how many, risen in {@value #ROUNDS} scans
   */
  private record Enough(int suspect, int rounds, boolean even, int probable) {}

  private static final int ROUNDS = 8;
  private static final int SOME_ROUNDS = 5;
  private static final Enough OF_NARROW = new Enough(3, 2, false, 10);

  /** Others may open what such a description takes in, as a pool does that fills. */
  private final Enough ofWide;

  /** What is remembered of one description. */
  private static final class Book {
    final Excess excess = new Excess();
    Names.Name name;
    boolean found;
    long rising = Long.MIN_VALUE / 2;
    long risingLong = Long.MIN_VALUE / 2;
  }

  private final Commands commands;
  private final Map<Expectation, Book> books = new HashMap<>();
  private long lastId;

  UnexpectedHandles(Commands commands, Thresholds thresholds) {
    ofWide = new Enough(10, SOME_ROUNDS, true, thresholds.pool() + 1);
    this.commands = commands;
  }

  /**
   * Takes in a scan.
   *
   * @param expected as the application says, of different descriptions
   * @param findings those of the other rules
   * @return those, with what is evidence for them, and those of this rule
   */
  List<Finding> with(Scan scan, List<Expectation> expected, List<Finding> findings) {
    List<Finding> all = new ArrayList<>(findings);
    Map<Expectation, Book> still = new HashMap<>();
    for (Expectation one : expected) {
      Expectation what = one.with(0);
      Book book = books.getOrDefault(what, new Book());
      still.put(what, book);
      Map<GroupKey, List<OwnedDescriptor>> settled = settled(scan, one);
      book.excess.add(scan, one, settled);
      int many = found(scan, one, book);
      if (many == 0) {
        book.name = null;
      } else {
        add(scan, one, book, many, settled, all);
      }
    }
    books.clear();
    books.putAll(still);
    return all;
  }

  private static Map<GroupKey, List<OwnedDescriptor>> settled(Scan scan, Expectation what) {
    Map<GroupKey, List<OwnedDescriptor>> settled = new LinkedHashMap<>();
    for (Group group : scan.groups().values()) {
      if (what.takesIn(group.key())) {
        settled.put(group.key(), group.descriptors().stream().filter(Excess::isSettled).toList());
      }
    }
    return settled;
  }

  /** How many are in excess; 0 when they are too few, or prove nothing. */
  private int found(Scan scan, Expectation what, Book book) {
    Enough enough = enough(what);
    int many = book.excess.lasting(scan);
    if (many < enough.suspect() || book.excess.rounds(scan) < enough.rounds()) {
      book.found = false;
      return 0;
    }
    if (book.excess.isRising(scan, SOME_ROUNDS)) {
      book.rising = scan.tick();
    }
    if (many >= enough.probable() && book.excess.isRising(scan, ROUNDS)) {
      book.risingLong = scan.tick();
    }
    book.found |= !enough.even() || book.rising == scan.tick();
    return book.found ? many : 0;
  }

  private void add(
      Scan scan,
      Expectation what,
      Book book,
      int many,
      Map<GroupKey, List<OwnedDescriptor>> settled,
      List<Finding> all) {
    boolean rising = scan.tick() - book.rising <= PAUSE;
    Evidence evidence = evidence(scan, what, book, many);
    int explained = 0;
    for (int i = 0; i < all.size(); i++) {
      Finding finding = all.get(i);
      boolean open = !finding.hazard() && !finding.rule().equals(ClosedByCollector.NAME);
      if (open && settled.containsKey(finding.group()) && 2 * many >= finding.count()) {
        all.set(i, supported(finding, evidence, rising));
        explained += finding.count();
      }
    }
    if (2 * explained < many) {
      all.add(finding(scan, what, book, many, settled, evidence));
    } else {
      book.name = null;
    }
  }

  private static Finding supported(Finding finding, Evidence more, boolean rising) {
    List<Evidence> evidence = new ArrayList<>(finding.evidence());
    evidence.add(more);
    boolean independent = !finding.rule().equals(NAME);
    boolean raised = rising && independent && finding.confidence() == Confidence.SUSPECT;
    return new Finding(
        finding.id(),
        finding.rule(),
        raised ? Confidence.PROBABLE : finding.confidence(),
        finding.hazard(),
        finding.group(),
        finding.count(),
        finding.descriptors(),
        evidence,
        finding.firstSeen(),
        finding.ratePerMinute(),
        finding.exhaustion(),
        finding.advice());
  }

  private Finding finding(
      Scan scan,
      Expectation what,
      Book book,
      int many,
      Map<GroupKey, List<OwnedDescriptor>> settled,
      Evidence evidence) {
    if (book.name == null) {
      book.name = new Names.Name(NAME + "-" + ++lastId, scan.at());
    }
    GroupKey key = grown(book, many, settled);
    List<OwnedDescriptor> listed = listed(scan, book, many, settled.get(key));
    double perSecond = book.excess.perSecond(scan);
    Headroom headroom = Headroom.of(scan.facts());
    List<String> advice = new ArrayList<>();
    advice.add(
        "Compare what the application counts as \"%s\" with what it opens%s: something is opened beside the count, or struck out of it and not closed."
            .formatted(what.name(), Advice.at(key)));
    if (!what.isNarrow()) {
      advice.add(
          "If others open such descriptors too, register with the library or the class that opens them.");
    }
    advice.addAll(headroom.advice(commands, key, perSecond));
    return new Finding(
        book.name.id(),
        NAME,
        confidence(scan, what, book, many),
        false,
        key,
        listed.size(),
        listed,
        List.of(evidence),
        book.name.firstSeen(),
        60 * perSecond,
        headroom.exhaustion(perSecond),
        advice);
  }

  private Confidence confidence(Scan scan, Expectation what, Book book, int many) {
    boolean probable = many >= enough(what).probable() && scan.tick() - book.risingLong <= PAUSE;
    return probable ? Confidence.PROBABLE : Confidence.SUSPECT;
  }

  private Enough enough(Expectation what) {
    return what.isNarrow() ? OF_NARROW : ofWide;
  }

  /** The group that has grown by the most similar number; the largest when none has grown. */
  private static GroupKey grown(Book book, int many, Map<GroupKey, List<OwnedDescriptor>> settled) {
    Comparator<GroupKey> bySize = Comparator.comparing(key -> settled.get(key).size());
    return settled.keySet().stream()
        .filter(key -> settled.get(key).size() > book.excess.before(key))
        .min(
            Comparator.comparing(
                    (GroupKey key) ->
                        Math.abs(settled.get(key).size() - book.excess.before(key) - many))
                .thenComparing(bySize.reversed()))
        .orElseGet(() -> settled.keySet().stream().max(bySize).orElseThrow());
  }

  /** Those that were opened since the excess began, or all when none was. */
  private static List<OwnedDescriptor> listed(
      Scan scan, Book book, int many, List<OwnedDescriptor> settled) {
    List<OwnedDescriptor> since =
        settled.stream().filter(owned -> scan.firstTick(owned) >= book.excess.since()).toList();
    return (since.isEmpty() ? settled : since)
        .stream().sorted(Comparator.comparing(OwnedDescriptor::opened)).limit(many).toList();
  }

  private Evidence evidence(Scan scan, Expectation what, Book book, int many) {
    List<OwnedDescriptor> open =
        scan.groups().values().stream()
            .filter(group -> what.takesIn(group.key()))
            .flatMap(group -> group.descriptors().stream())
            .toList();
    Duration age = book.excess.age(scan, many);
    int least = book.excess.least();
    return new Evidence(
        "expected",
        "the application expects %d of \"%s\"%s, %d are open; for %s at least %d%s have been in excess of the most that it expected, come up in %d different scans"
            .formatted(
                what.count(),
                what.name(),
                meant(what),
                open.size(),
                Headroom.words(age),
                many,
                least == 0 ? "" : " beside the %d that always were".formatted(least),
                book.excess.rounds(scan)),
        commands.countOf(open));
  }

  private static String meant(Expectation what) {
    String kinds =
        what.kinds().stream().map(Kind::label).sorted().collect(Collectors.joining(", "));
    String library = what.library() == null ? "" : " of " + what.library();
    String opener = what.opener() == null ? "" : " opened by " + what.opener();
    String all = (kinds + library + opener).strip();
    return all.isEmpty() ? "" : " (" + all + ")";
  }
}
