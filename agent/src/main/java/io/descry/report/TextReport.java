package io.descry.report;

import io.descry.detect.Finding;
import io.descry.os.Blind;
import io.descry.os.Kind;
import io.descry.os.Limits;
import io.descry.reconcile.Group;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The report for people: the verdict first, then what to act on, then the numbers. Plain text of
 * some {@value TextPage#WIDTH} columns; only stacks and commands, which one copies, may be wider.
 */
public final class TextReport implements ReportFormat {
  static final String FORGOTTEN = "Forgotten, and closed by the garbage collector";
  static final String HAZARDS = "Hazards: no leaks, but bugs that can corrupt data";
  private static final int IN_FULL = 10;
  private static final int TOP = 5;
  private static final int LONGEST_TEXT = 500;

  @Override
  public String extension() {
    return "txt";
  }

  @Override
  public void write(ReportData data, OutputStream out) throws IOException {
    out.write(render(data).getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** The whole report; lines end with {@code \n}. */
  public String render(ReportData data) {
    TextPage page = new TextPage();
    Findings found = Findings.of(data.verdict());
    head(page, data);
    Opening.write(page, data, found);
    findings(page, data, found.leaks(), "Leaks", "leak");
    findings(page, data, found.forgotten(), FORGOTTEN, "place");
    findings(page, data, found.hazards(), HAZARDS, "hazard");
    ResolvedText.write(page, data.verdict().resolved());
    table(page, Census.of(data.reconciliation()));
    if (!data.verdict().findings().isEmpty() || Opening.isCrowded(data.reconciliation())) {
      largest(page, data.reconciliation());
    }
    limits(page, data.reconciliation());
    actions(page, data.actions());
    blind(page, data.blind());
    foot(page, data);
    return page.toString();
  }

  private static void head(TextPage page, ReportData data) {
    ProcessFacts process = data.process();
    String container = process.container() == null ? "" : ", in " + text(process.container());
    page.line("Descry " + text(data.version()) + ": open descriptors of process " + process.pid());
    page.line("  " + VisibleText.of(process.command(), TextPage.WIDTH - 2));
    page.line(
        "  Java "
            + text(process.java())
            + ", "
            + text(process.os())
            + " "
            + text(process.kernel())
            + container);
    page.line("  Written " + Words.time(data.written()) + " UTC " + reason(data.reason()));
    page.line(
        "  Watched for "
            + Words.duration(Duration.between(data.started(), data.written()))
            + ", in "
            + Words.count(data.scans(), "scan"));
    page.blank();
  }

  /** Why it was written, in words. */
  static String reason(String reason) {
    return switch (reason) {
      case "shutdown" -> "at shutdown";
      case "demand" -> "on demand";
      case "threshold" -> "because a threshold was crossed";
      case "exhaustion" -> "because the limit was reached";
      default -> text(reason);
    };
  }

  private static void findings(
      TextPage page, ReportData data, List<Finding> findings, String heading, String noun) {
    if (findings.isEmpty()) {
      return;
    }
    page.heading(heading);
    int number = 0;
    for (Finding finding : findings) {
      number++;
      if (number <= IN_FULL) {
        FindingText.write(page, finding, number + ". ", data.written());
      }
    }
    if (number > IN_FULL) {
      page.blank().line(Words.count(number - IN_FULL, "more " + noun) + ", in the JSON report:");
      findings.stream()
          .skip(IN_FULL)
          .limit(IN_FULL * 4L)
          .forEach(
              finding ->
                  page.line(
                      "   "
                          + FindingText.summary(finding)
                          + " "
                          + SiteText.shortName(finding.group().site())));
    }
  }

  private static void table(TextPage page, Census census) {
    List<Owner> owners = new ArrayList<>(census.byOwner().keySet());
    page.heading("Open descriptors by kind and owner");
    StringBuilder header = new StringBuilder(Words.left("", 12));
    for (Owner owner : owners) {
      header.append(Words.right(owner.label(), 11));
    }
    page.line(header.append(Words.right("total", 11)).toString());
    for (Map.Entry<Kind, Map<Owner, Integer>> row : census.byBoth().entrySet()) {
      int total = census.byKind().get(row.getKey());
      page.line(row(row.getKey().label(), owners, row.getValue(), total));
    }
    page.line(row("total", owners, census.byOwner(), census.open()));
  }

  private static String row(
      String label, List<Owner> owners, Map<Owner, Integer> counts, int total) {
    StringBuilder row = new StringBuilder(Words.left(label, 12));
    for (Owner owner : owners) {
      Integer count = counts.get(owner);
      row.append(Words.right(count == null ? "." : Words.number(count), 11));
    }
    return row.append(Words.right(Words.number(total), 11)).toString();
  }

  private static void largest(TextPage page, Reconciliation reconciliation) {
    page.heading("Where the most were opened");
    reconciliation.groups().stream()
        .sorted(Comparator.comparingInt((Group group) -> group.descriptors().size()).reversed())
        .limit(TOP)
        .forEach(
            group ->
                page.line(
                    "%7s x %-12s %s"
                        .formatted(
                            Words.number(group.descriptors().size()),
                            group.key().kind().label(),
                            place(group))));
  }

  private static String place(Group group) {
    return group.key().site().isUnknown()
        ? FindingText.who(group.key())
        : SiteText.shortName(group.key().site());
  }

  private static void limits(TextPage page, Reconciliation reconciliation) {
    Limits limits = reconciliation.limits();
    page.blank()
        .line(
            "Limits: soft "
                + Opening.limit(limits.soft())
                + ", hard "
                + Opening.limit(limits.hard())
                + " (ulimit -n)");
  }

  private static void actions(TextPage page, List<ActionTaken> actions) {
    if (!actions.isEmpty()) {
      page.heading("What Descry did");
      for (ActionTaken one : actions) {
        page.wrap("  - ", Words.time(one.at()) + ": " + text(one.text()));
      }
    }
  }

  private static void blind(TextPage page, List<Blind> blind) {
    if (blind.isEmpty()) {
      page.blank().line("Blind spots: none known.");
      return;
    }
    page.heading("Blind spots: silence about these means nothing");
    for (Blind spot : blind) {
      page.wrap(
          "  - ",
          "%s, since %s: %s"
              .formatted(text(spot.what()), Words.time(spot.since()), text(spot.why())));
    }
  }

  private static void foot(TextPage page, ReportData data) {
    page.blank();
    if (!data.verdict().findings().isEmpty()) {
      page.wrap(
          "",
          "CERTAIN is proven; PROBABLE rests on statistics or strong signs; SUSPECT is worth a"
              + " look. Whole stacks and descriptor lists are in the JSON report (option"
              + " formats=text+json).");
    }
    page.line("All times are UTC. How to read this report: docs/reports.md");
  }

  private static String text(String text) {
    return VisibleText.of(text, LONGEST_TEXT);
  }
}
