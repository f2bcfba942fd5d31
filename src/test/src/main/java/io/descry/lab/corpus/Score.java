package io.descry.lab.corpus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How right Descry was, as a table and in totals. */
record Score(List<Outcome> outcomes) {
  private static final List<String> CONFIDENCES = List.of("certain", "probable", "suspect");

  /**
   * Whether Descry may go on saying what it says: every label is right, no clean program has a
   * finding, and all that is certain or probable is true.
   */
  boolean passed() {
    return outcomes.stream().allMatch(Score::passed);
  }

  private static boolean passed(Outcome outcome) {
    return outcome.wrong() == null
        && outcome.falseFindings().stream()
            .allMatch(finding -> !outcome.clean() && finding.confidence().equals("suspect"));
  }

  /**
   * The table, a row for each cause and one for each clean program, and the totals below.
   *
   * @param markdown with vertical bars, else in columns
   */
  String table(boolean markdown) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "program", "truth", "true findings", "detected", "scans", "seconds", "false findings"));
    for (Outcome outcome : outcomes) {
      if (outcome.wrong() != null) {
        rows.add(List.of(outcome.name(), "WRONG LABEL: " + outcome.wrong(), "", "", "", "", ""));
      } else if (outcome.clean()) {
        rows.add(row(outcome, null));
      } else {
        outcome.wanted().forEach(cause -> rows.add(row(outcome, cause)));
      }
    }
    return (markdown ? markdown(rows) : columns(rows)) + "\n" + totals(markdown);
  }

  private static List<String> row(Outcome outcome, Cause cause) {
    Optional<Duration> after = cause == null ? Optional.empty() : outcome.detection(cause);
    return List.of(
        outcome.name(),
        cause == null ? "no leak" : outcome.leaks() + " x " + cause,
        cause == null ? "" : list(outcome.about(cause)),
        cause == null ? "" : after.isPresent() ? "yes" : "NO",
        after.map(Score::scans).map(String::valueOf).orElse(""),
        after.map(time -> String.format(Locale.ROOT, "%.1f", time.toMillis() / 1e3)).orElse(""),
        list(outcome.falseFindings()));
  }

  /** Whole ones, the last being that which found it. */
  private static long scans(Duration time) {
    return 1 + time.dividedBy(Trial.INTERVAL);
  }

  private static String list(List<Reported> findings) {
    return findings.stream().map(Reported::toString).collect(Collectors.joining("; "));
  }

  private String totals(boolean markdown) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("confidence", "findings", "true", "precision", "found so or surer", "recall"));
    long causes = judged().mapToLong(outcome -> outcome.wanted().size()).sum();
    for (String confidence : CONFIDENCES) {
      long untrue =
          count(judged().flatMap(outcome -> outcome.falseFindings().stream()), confidence);
      long right =
          count(
              judged()
                  .flatMap(
                      outcome ->
                          outcome.wanted().stream().flatMap(cause -> outcome.about(cause).stream()))
                  .distinct(),
              confidence);
      List<String> surer = CONFIDENCES.subList(0, CONFIDENCES.indexOf(confidence) + 1);
      long found =
          judged()
              .mapToLong(
                  outcome ->
                      outcome.wanted().stream()
                          .filter(
                              cause ->
                                  outcome.about(cause).stream()
                                      .anyMatch(finding -> surer.contains(finding.confidence())))
                          .count())
              .sum();
      rows.add(
          List.of(
              confidence,
              String.valueOf(right + untrue),
              String.valueOf(right),
              percent(right, right + untrue),
              found + " of " + causes,
              percent(found, causes)));
    }
    List<Long> scans =
        judged()
            .flatMap(outcome -> outcome.wanted().stream().map(outcome::detection))
            .flatMap(Optional::stream)
            .map(Score::scans)
            .sorted()
            .toList();
    return (markdown ? markdown(rows) : columns(rows))
        + "\nMedian time to detection: "
        + (scans.isEmpty() ? "nothing was detected" : scans.get(scans.size() / 2) + " scans")
        + ". Clean programs without a finding: "
        + judged().filter(Outcome::clean).filter(outcome -> outcome.findings().isEmpty()).count()
        + " of "
        + judged().filter(Outcome::clean).count()
        + ". Wrong labels: "
        + (outcomes.size() - judged().count())
        + ".\n";
  }

  private Stream<Outcome> judged() {
    return outcomes.stream().filter(outcome -> outcome.wrong() == null);
  }

  private static long count(Stream<Reported> findings, String confidence) {
    return findings.filter(finding -> finding.confidence().equals(confidence)).count();
  }

  private static String percent(long part, long whole) {
    return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
  }

  private static String markdown(List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(
          row.stream()
              .map(cell -> cell.replace("|", "\\|"))
              .collect(Collectors.joining(" | ", "| ", " |\n")));
      if (row == rows.get(0)) {
        text.append("|").append(" --- |".repeat(row.size())).append("\n");
      }
    }
    return text.toString();
  }

  private static String columns(List<List<String>> rows) {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        int column = i;
        int width = rows.stream().mapToInt(other -> other.get(column).length()).max().orElse(0);
        text.append(row.get(i));
        text.append(i < row.size() - 1 ? " ".repeat(width - row.get(i).length() + 2) : "\n");
      }
    }
    return text.toString();
  }
}
