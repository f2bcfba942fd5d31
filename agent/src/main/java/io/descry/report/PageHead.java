package io.descry.report;

import java.time.Duration;

/** Which page this is: its title and its first lines. */
final class PageHead {
  private static final int LONGEST_COMMAND = 300;

  private PageHead() {}

  /** For a tab among many: the verdict's first words, then which process. */
  static String title(ReportData data, Findings found) {
    return word(data, found) + " - " + name(data.process()) + " (" + data.process().pid() + ")";
  }

  /** The verdict in a word or two. */
  static String word(ReportData data, Findings found) {
    String verdict = Opening.verdict(data, found);
    return verdict.substring(0, verdict.indexOf(':'));
  }

  static void write(Markup page, ReportData data) {
    ProcessFacts process = data.process();
    page.tag("div", "class", "brand").text("Descry").end();
    page.tag("div", "class", "subject").tag("h1");
    page.text("Open descriptors of " + name(process)).end();
    page.tag("p").element("code", VisibleText.of(process.command(), LONGEST_COMMAND)).end();
    page.tag("p").text("Process " + process.pid());
    if (process.container() != null) {
      page.text(" in " + process.container());
    }
    page.text(". Written ").tag("time", "datetime", data.written().toString());
    page.text(Words.time(data.written())).end().text(" UTC " + TextReport.reason(data.reason()));
    page.text(
        ", watched for "
            + Words.duration(Duration.between(data.started(), data.written()))
            + " in "
            + Words.count(data.scans(), "scan")
            + ".");
    page.end().end();
  }

  /** The main class or jar, less package and directory. */
  private static String name(ProcessFacts process) {
    String first = process.command().strip().split("\\s", 2)[0];
    String file = first.substring(first.lastIndexOf('/') + 1);
    return file.endsWith(".jar") ? file : file.substring(file.lastIndexOf('.') + 1);
  }
}
