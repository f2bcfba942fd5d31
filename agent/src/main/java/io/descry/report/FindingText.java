package io.descry.report;

import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.os.Descriptor;
import io.descry.os.Kind;
import io.descry.os.Socket;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Library;
import io.descry.reconcile.OwnedDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One finding as text. */
public final class FindingText {
  static final String CLOSED_BY_COLLECTOR = "closed-by-collector";
  private static final String INDENT = "   ";
  private static final int EXAMPLES = 3;
  private static final int LONGEST_TARGET = 160;
  private static final int LONGEST_THREAD = 60;
  private static final int LONGEST_TEXT = 2000;

  // What a rule found, to somebody who has never heard of it.
  private static final Map<String, String> RULES =
      Map.ofEntries(
          Map.entry(
              "owner-unreachable",
              "The Java objects that owned these were garbage-collected while the descriptors were open:"
                  + " nothing in the program can close them any more."),
          Map.entry(
              "growth",
              "These add up: old ones stay open while new ones come, and their number does not come"
                  + " back down."),
          Map.entry(
              CLOSED_BY_COLLECTOR,
              "Never closed by the code that opened them. The garbage collector did it, whenever it ran;"
                  + " until it does they stay open."),
          Map.entry(
              "closed-behind-owner",
              "Java still believes that it holds these numbers, but something else closed them. Reads"
                  + " and writes may now go to whatever gets the number next."),
          Map.entry(
              "peer-gone",
              "The other end of these hung up, this side never closed: old ones stay while new ones are"
                  + " opened."),
          Map.entry(
              "half-made",
              "These sockets were made and never came to anything, neither connected nor listening, and"
                  + " nobody closed them."),
          Map.entry(
              "lifetime-outlier",
              "Nearly all that is opened here is closed soon. These were not: the close is forgotten on"
                  + " some path."),
          Map.entry(
              "empty-loop",
              "Event loops that have nothing to do, and never had, become more and more: they are made"
                  + " and not shut down."),
          Map.entry(
              "nobody-polls",
              "Event loops and selectors that no thread looks at: what happens there is noticed by nobody,"
                  + " and more of them come."),
          Map.entry(
              "orphan",
              "An event loop opened these and has forgotten them: no loop of this process watches them any"
                  + " more."),
          Map.entry(
              "never-used",
              "Connections that this process made and never used, while it went on making new ones to the"
                  + " same address."),
          Map.entry(
              "unexpected-handles",
              "The application said how many of these it holds. More are open, and stay open: they are in"
                  + " nobody's book."));

  private FindingText() {}

  /** The whole finding. */
  static void write(TextPage page, Finding finding, String title, Instant now) {
    GroupKey key = finding.group();
    page.blank().line(title + summary(finding));
    page.wrap(INDENT, meaning(finding));
    page.wrap(
        INDENT + (HazardText.isByCloser(finding) ? "Closed by   " : "Opened by   "), openedBy(key));
    page.line(
        String.format(
            "%sFirst seen  %s, %s ago",
            INDENT,
            Words.time(finding.firstSeen()),
            Words.duration(Duration.between(finding.firstSeen(), now))));
    if (!finding.hazard() || finding.ratePerMinute() > 0) {
      page.wrap(INDENT + "Rate        ", rate(finding, now));
    }
    evidence(page, finding.evidence());
    examples(page, finding);
    advice(page, finding.advice());
    SiteText.write(page, key.site(), INDENT);
    if (key.site().isUnknown()) {
      page.line(INDENT + "No stack is known.");
    }
  }

  /** One line: what, how many, by whom. */
  static String summary(Finding finding) {
    return finding.confidence().label().toUpperCase(Locale.ROOT)
        + ": "
        + Words.number(finding.count())
        + " x "
        + kinds(finding)
        + (finding.rule().equals(CLOSED_BY_COLLECTOR) ? " so far, " : ", ")
        + HazardText.who(finding)
        + "  ["
        + plain(finding.id())
        + "]";
  }

  /** In words what the rule found. */
  static String meaning(Finding finding) {
    String hazard = HazardText.meaning(finding.rule());
    return hazard != null
        ? hazard
        : RULES.getOrDefault(finding.rule(), "Rule: " + plain(finding.rule()) + ".");
  }

  /** The kinds of what it speaks of, that of its group first. */
  static String kinds(Finding finding) {
    return Stream.concat(
            Stream.of(finding.group().kind()),
            finding.descriptors().stream().map(owned -> owned.descriptor().kind()))
        .distinct()
        .map(Kind::label)
        .collect(Collectors.joining("+"));
  }

  /** Owner in a few words. */
  static String who(GroupKey key) {
    return switch (key.owner()) {
      case JAVA -> "opened by Java code";
      case LIBRARY ->
          key.library() == null ? "opened by a native library" : "opened by " + name(key.library());
      case JVM -> "opened by the JVM itself";
      case INHERITED -> "open before Descry was";
      case AGENT -> "opened by Descry";
      case FOREIGN -> "opened by native code (library unknown)";
    };
  }

  /** Who opened, as exactly as is known. */
  static String openedBy(GroupKey key) {
    String opener = SiteText.opener(key.site());
    Library library = key.library();
    if (library == null) {
      return opener == null ? who(key).replaceFirst("^opened by ", "") : opener;
    }
    String path =
        library.path() == null ? "" : " (" + VisibleText.of(library.path(), LONGEST_TARGET) + ")";
    return name(library) + path + (opener == null ? "" : ", called from " + opener);
  }

  /** A library by name and version. */
  static String name(Library library) {
    return plain(library.name())
        + (library.version() == null ? "" : " " + plain(library.version()));
  }

  /** How fast it grows, in words. */
  static String rate(Finding finding, Instant now) {
    double rate = finding.ratePerMinute();
    if (Double.isNaN(rate)) {
      return "not known yet";
    }
    if (rate <= 0) {
      return "not growing now";
    }
    if (finding.rule().equals(CLOSED_BY_COLLECTOR)) {
      return Words.rate(rate) + " on average";
    }
    return "+"
        + Words.rate(rate)
        + (finding.exhaustion() == null
            ? ""
            : "; alone it reaches the limit at " + when(finding.exhaustion(), now));
  }

  /** A moment, and how far it is. */
  static String when(Instant moment, Instant now) {
    Duration left = Duration.between(now, moment);
    return Words.time(moment)
        + " ("
        + (left.isNegative() ? "now" : "in " + Words.duration(left))
        + ")";
  }

  private static void evidence(TextPage page, List<Evidence> evidence) {
    page.line(INDENT + "Evidence");
    for (Evidence fact : evidence) {
      page.wrap(INDENT + "  - ", VisibleText.of(fact.text(), LONGEST_TEXT));
      if (fact.check() != null && !fact.check().isBlank()) {
        page.line(INDENT + "    $ " + VisibleText.of(fact.check(), LONGEST_TEXT));
      }
    }
  }

  private static void examples(TextPage page, Finding finding) {
    List<OwnedDescriptor> all = finding.descriptors();
    if (all.isEmpty()) {
      return;
    }
    int shown = Math.min(EXAMPLES, all.size());
    page.line(
        INDENT
            + (shown == all.size()
                ? "Descriptors"
                : "Descriptors (the oldest " + shown + " of " + Words.number(all.size()) + ")"));
    for (OwnedDescriptor owned : all.subList(0, shown)) {
      page.line(INDENT + "  fd " + owned.descriptor().number() + "  " + target(owned.descriptor()));
      page.line(
          INDENT
              + "      "
              + (owned.openedExactly() ? "opened " : "first seen ")
              + Words.time(owned.opened())
              + (owned.call() == null ? "" : " with " + plain(owned.call()))
              + (owned.thread() == null
                  ? ""
                  : " by thread \"" + VisibleText.of(owned.thread(), LONGEST_THREAD) + "\""));
      if (owned.meaning() != null) {
        page.wrap(INDENT + "      ", VisibleText.of(owned.meaning(), LONGEST_TEXT));
      }
    }
  }

  /** What a descriptor leads to, or which addresses it connects, safe to show. */
  public static String target(Descriptor descriptor) {
    Socket socket = descriptor.socket();
    if (socket == null) {
      return VisibleText.of(descriptor.target(), LONGEST_TARGET);
    }
    String remote = socket.remote().isEmpty() ? "" : " -> " + socket.remote();
    String state = socket.state().isEmpty() ? "" : " " + socket.state();
    return VisibleText.of(
        socket.protocol() + " " + socket.local() + remote + state, LONGEST_TARGET);
  }

  private static void advice(TextPage page, List<String> advice) {
    if (advice.isEmpty()) {
      return;
    }
    page.line(INDENT + "What to do");
    for (int i = 0; i < advice.size(); i++) {
      page.wrap(INDENT + "  " + (i + 1) + ". ", VisibleText.of(advice.get(i), LONGEST_TEXT));
    }
  }

  private static String plain(String text) {
    return VisibleText.of(text, LONGEST_TARGET);
  }
}
