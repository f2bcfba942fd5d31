package io.descry.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.descry.detect.Finding;
import io.descry.reconcile.Group;
import io.descry.reconcile.Owner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a running process looks like now: what the kernel counts, and what Descry found in its last
 * scan.
 *
 * @param now when the kernel was asked
 * @param open how many descriptors are open by the kernel's count, Descry's own among them; -1 when
 *     it does not say
 * @param moreInMinute how many more that is than a minute, or since the first look, before
 * @param report what Descry found last
 * @param before what Descry found in an earlier scan, to compare with; {@code null}: nothing yet
 */
public record LiveView(
    Instant now, int open, int moreInMinute, ReportData report, ReportData before) {
  private static final int GROUPS_AT_LEAST = 3;

  /**
   * A page for a terminal.
   *
   * @param width columns there are
   * @param height rows there are
   * @return rows, as many as there are at most, none wider than the terminal
   */
  public List<String> screen(int width, int height) {
    List<String> rows = new ArrayList<>();
    rows.add(
        "process "
            + report.process().pid()
            + "  "
            + clock(now)
            + " UTC  "
            + VisibleText.of(report.process().command(), Math.max(16, width)));
    rows.add(count());
    rows.add(owners());
    rows.add(
        Words.count(report.verdict().findings().size(), "finding")
            + " in the scan of "
            + clock(report.reconciliation().at())
            + ", the "
            + ordinal(report.scans()));
    rows.add("");
    List<Finding> findings = report.verdict().findings();
    int room = Math.max(1, height - rows.size() - 2 - GROUPS_AT_LEAST - 2);
    if (!findings.isEmpty()) {
      rows.add("CONFIDENCE   COUNT          RATE  RULE                 KIND         WHERE");
      findings.stream().limit(room).map(LiveView::row).forEach(rows::add);
      if (findings.size() > room) {
        rows.add("and " + Words.count(findings.size() - room, "more finding"));
      }
      rows.add("");
    }
    rows.add("  OPEN  CHANGE  KIND         OWNER      WHERE");
    largest(Math.max(0, height - rows.size() - 1)).forEach(rows::add);
    return rows.stream()
        .limit(Math.max(1, height - 1))
        .map(row -> row.length() > width ? row.substring(0, Math.max(0, width)) : row)
        .toList();
  }

  /**
   * The same in one line, and one for each finding that was not told before.
   *
   * @param told ids of those that were; those that are now are added
   */
  public List<String> lines(Set<String> told) {
    List<String> lines = new ArrayList<>();
    List<Finding> findings = report.verdict().findings();
    lines.add(
        clock(now)
            + "  "
            + count()
            + "; "
            + owners()
            + "; "
            + Words.count(findings.size(), "finding"));
    for (Finding finding : findings) {
      if (told.add(finding.id())) {
        lines.add(clock(now) + "  " + FindingText.summary(finding) + " " + Opening.place(finding));
      }
    }
    return lines;
  }

  /** The same as one line of JSON. */
  public String json() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonReport.generator(bytes)) {
      json.setPrettyPrinter(new MinimalPrettyPrinter());
      json.writeStartObject();
      JsonReport.time(json, "at", now);
      json.writeNumberField("pid", report.process().pid());
      json.writeNumberField("open", open);
      json.writeNumberField("moreInMinute", moreInMinute);
      json.writeNumberField("limitSoft", report.reconciliation().limits().soft());
      JsonReport.time(json, "scanned", report.reconciliation().at());
      json.writeNumberField("scans", report.scans());
      json.writeObjectFieldStart("byOwner");
      for (Map.Entry<Owner, Integer> owner : byOwner().entrySet()) {
        json.writeNumberField(owner.getKey().label(), owner.getValue());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("findings");
      for (Finding finding : report.verdict().findings()) {
        json.writeStartObject();
        JsonReport.text(json, "id", finding.id());
        JsonReport.text(json, "rule", finding.rule());
        JsonReport.text(json, "confidence", finding.confidence().label());
        json.writeNumberField("count", finding.count());
        JsonReport.text(json, "kind", finding.group().kind().label());
        JsonReport.text(json, "owner", finding.group().owner().label());
        JsonReport.text(json, "where", Opening.place(finding));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written to", e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private String count() {
    long limit = report.reconciliation().limits().soft();
    Instant exhaustion = report.verdict().exhaustion();
    return (open < 0 ? "? open" : Words.number(open) + " open")
        + (Opening.isLimit(limit)
            ? " of " + Words.number(limit) + " (" + Words.percent(Math.max(0, open), limit) + ")"
            : "")
        + ", "
        + signed(moreInMinute)
        + " in a minute"
        + (exhaustion == null ? "" : ", limit reached at " + FindingText.when(exhaustion, now));
  }

  private String owners() {
    return byOwner().entrySet().stream()
        .map(owner -> owner.getKey().label() + " " + Words.number(owner.getValue()))
        .collect(Collectors.joining(", "));
  }

  private Map<Owner, Integer> byOwner() {
    return Census.of(report.reconciliation()).byOwner();
  }

  private static String row(Finding finding) {
    double rate = finding.ratePerMinute();
    return "%-10s %7s %13s  %-20s %-12s %s"
        .formatted(
            finding.confidence().label(),
            Words.number(finding.count()),
            rate > 0 ? "+" + Words.rate(rate).replace(" a minute", "/min") : "",
            VisibleText.of(finding.rule(), 20),
            finding.group().kind().label(),
            Opening.place(finding));
  }

  private List<String> largest(int rows) {
    Map<Object, Integer> counts = new HashMap<>();
    if (before != null) {
      before
          .reconciliation()
          .groups()
          .forEach(group -> counts.put(group.key(), group.descriptors().size()));
    }
    return report.reconciliation().groups().stream()
        .sorted(Comparator.comparingInt((Group group) -> group.descriptors().size()).reversed())
        .limit(rows)
        .map(
            group -> {
              int open = group.descriptors().size();
              int change = before == null ? 0 : open - counts.getOrDefault(group.key(), 0);
              return "%6s %7s  %-12s %-10s %s"
                  .formatted(
                      Words.number(open),
                      change == 0 ? "" : signed(change),
                      group.key().kind().label(),
                      group.key().owner().label(),
                      group.key().site().isUnknown()
                          ? FindingText.who(group.key())
                          : SiteText.shortName(group.key().site()));
            })
        .toList();
  }

  private static String signed(long number) {
    return (number < 0 ? "" : "+") + Words.number(number);
  }

  private static String clock(Instant time) {
    return Words.time(time).substring(11);
  }

  private static String ordinal(long number) {
    String end =
        number % 100 >= 11 && number % 100 <= 13
            ? "th"
            : switch ((int) (number % 10)) {
              case 1 -> "st";
              case 2 -> "nd";
              case 3 -> "rd";
              default -> "th";
            };
    return String.format(Locale.ROOT, "%,d%s", number, end);
  }
}
