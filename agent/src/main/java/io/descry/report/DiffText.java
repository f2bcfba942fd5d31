package io.descry.report;

import io.descry.report.ReportDiff.Change;
import io.descry.report.ReportDiff.Side;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What differs between two reports, as text for a terminal. */
public final class DiffText {
  private static final int SHOWN = 20;
  private static final int LONGEST = 300;

  private DiffText() {}

  /** The whole of it; lines end with {@code \n}. */
  public static String render(ReportDiff diff) {
    TextPage page = new TextPage();
    side(page, "before", diff.before());
    side(page, "after ", diff.after());
    page.line(relation(diff));
    long more = diff.after().open() - diff.before().open();
    page.blank()
        .line(
            "Open descriptors: "
                + Words.number(diff.before().open())
                + " -> "
                + Words.number(diff.after().open())
                + " ("
                + signed(more)
                + ")");
    if (diff.isSame()) {
      page.line("No finding and no group differs.");
    }
    changes(page, "Findings", diff.findings());
    changes(page, "Groups", diff.groups());
    return page.toString();
  }

  private static void side(TextPage page, String name, Side side) {
    page.line(
        name
            + "  "
            + VisibleText.of(side.file(), LONGEST)
            + ": process "
            + (side.pid() < 0 ? "unknown" : Long.toString(side.pid()))
            + ", "
            + Words.time(side.written())
            + " UTC, "
            + VisibleText.of(side.reason(), 40));
  }

  private static String relation(ReportDiff diff) {
    if (!diff.isOneProcess()) {
      return "        two processes, or two starts of one";
    }
    if (diff.before().written() == null || diff.after().written() == null) {
      return "        one process";
    }
    Duration between = Duration.between(diff.before().written(), diff.after().written());
    return between.isNegative()
        ? "        one process; the first report is the later one, by "
            + Words.duration(between.negated())
        : "        one process, " + Words.duration(between) + " between them";
  }

  private static void changes(TextPage page, String heading, List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    page.heading(heading + " that differ");
    for (Change change : changes.subList(0, Math.min(SHOWN, changes.size()))) {
      change(page, change);
    }
    if (changes.size() > SHOWN) {
      page.line("and " + Words.number(changes.size() - SHOWN) + " more, see --json");
    }
  }

  private static void change(TextPage page, Change change) {
    DiffEntry entry = change.entry();
    page.line(
        "%-8s  %s -> %s (%s)  %s%s, %s%s"
            .formatted(
                change.what().name().toLowerCase(Locale.ROOT),
                Words.number(change.countBefore()),
                Words.number(change.countAfter()),
                signed(change.countAfter() - change.countBefore()),
                entry.rule() == null ? "" : VisibleText.of(entry.rule(), 40) + ": ",
                VisibleText.of(entry.kind(), 40),
                VisibleText.of(entry.owner(), 40),
                entry.library() == null ? "" : " " + VisibleText.of(entry.library(), 80)));
    page.line("          " + place(entry));
    if (entry.rule() != null) {
      page.line("          " + confidence(change) + ", " + rates(change));
    }
  }

  private static String place(DiffEntry entry) {
    String called = SiteText.opener(entry.site());
    String opened =
        entry.site().natives().isEmpty()
            ? null
            : VisibleText.of(entry.site().natives().get(0), LONGEST);
    if (called == null) {
      return "at " + SiteText.shortName(entry.site());
    }
    return "at " + called + (opened == null ? "" : ", in " + opened);
  }

  private static String confidence(Change change) {
    String before = change.before() == null ? null : change.before().confidence();
    String after = change.after() == null ? null : change.after().confidence();
    if (before == null || after == null || before.equals(after)) {
      return VisibleText.of(after == null ? before : after, 40);
    }
    return VisibleText.of(before, 40) + " -> " + VisibleText.of(after, 40);
  }

  private static String rates(Change change) {
    if (change.before() == null || change.after() == null) {
      return "rate " + rate(change.entry());
    }
    return "rate " + rate(change.before()) + " -> " + rate(change.after());
  }

  private static String rate(DiffEntry entry) {
    Double rate = entry.ratePerMinute();
    return rate == null ? "unknown" : rate <= 0 ? "0" : "+" + Words.rate(rate);
  }

  private static String signed(long number) {
    return (number > 0 ? "+" : "") + Words.number(number);
  }
}
