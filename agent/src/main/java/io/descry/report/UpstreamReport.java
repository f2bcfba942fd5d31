package io.descry.report;

import io.descry.detect.Evidence;
import io.descry.detect.Finding;
import io.descry.os.tracer.NativeError;
import io.descry.reconcile.Frames;
import io.descry.reconcile.Library;
import io.descry.reconcile.OwnedDescriptor;
import io.descry.reconcile.Site;
import io.descry.reconcile.library.IssueTrackers;
import io.descry.reconcile.library.PublicObjects;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A bug report in Markdown, for the maintainers of the library that a finding is about. It says
 * what Descry saw and nothing beyond: whether the library is to blame, or who called it, the reader
 * must judge. What a stranger should not read is replaced, see {@link Redaction}.
 *
 * @param finding of owner {@code library}
 * @param system where the process runs
 * @param history how many were open over the process's life, in order of time; may be empty
 */
record UpstreamReport(Finding finding, SystemFacts system, List<Timeline.Point> history)
    implements ReportFormat {
  private static final int MOMENTS = 12;
  private static final int FRAMES = 60;
  private static final int ERRORS = 20;

  @Override
  public String extension() {
    return "md";
  }

  @Override
  public void write(ReportData data, OutputStream out) throws IOException {
    out.write(render(data).getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** The whole report; lines end with {@code \n}. */
  String render(ReportData data) {
    Redaction redaction = new Redaction(finding.group().library(), names());
    StringBuilder out = new StringBuilder();
    heading(out);
    environment(out, data, redaction);
    observed(out, redaction);
    rates(out, data);
    stacks(out, redaction);
    overTime(out, data);
    descriptors(out, redaction);
    errors(out, data, redaction);
    reproducer(out);
    beforeSending(out, redaction);
    return out.toString();
  }

  private Library library() {
    return finding.group().library();
  }

  private String named() {
    String version = library().version();
    return library().name() + (version == null ? "" : " " + version);
  }

  private Set<String> names() {
    Set<String> names = new HashSet<>();
    for (OwnedDescriptor owned : finding.descriptors()) {
      if (owned.thread() != null) {
        names.add(owned.thread());
      }
    }
    if (system.host() != null) {
      names.add(system.host());
    }
    String user = System.getProperty("user.name", "");
    // Names that say nothing, and that are words of their own.
    if (!Set.of("root", "app", "user", "java", "").contains(user)) {
      names.add(user);
    }
    return names;
  }

  private void heading(StringBuilder out) {
    String kinds = FindingText.kinds(finding);
    String entry = place();
    out.append("# ")
        .append(MarkdownText.code(named()))
        .append(": ")
        .append(Words.number(finding.count()))
        .append(" ")
        .append(MarkdownText.code(kinds))
        .append(
            switch (finding.rule()) {
              case "double-close" -> " closed twice";
              case "close-under-use" -> " closed while a thread waits on them";
              case "inherited" -> " inherited by child processes";
              default -> " not closed";
            })
        .append(entry == null ? "" : ", in " + MarkdownText.code(entry))
        .append("\n\n");
  }

  /** The library's outermost function on the stack: what the caller called. */
  private String place() {
    String entry = null;
    for (String frame : finding.group().site().natives()) {
      int mark = frame.indexOf('!');
      if (mark > 0 && isOfTheLibrary(frame.substring(0, mark))) {
        entry = frame.substring(mark + 1).replaceFirst("\\+0x[0-9a-f]+$", "");
      }
    }
    return entry;
  }

  private boolean isOfTheLibrary(String object) {
    String path = library().path();
    return path != null
        && path.substring(path.lastIndexOf('/') + 1).startsWith(object.replaceFirst("\\.so.*", ""));
  }

  private void environment(StringBuilder out, ReportData data, Redaction redaction) {
    ProcessFacts process = data.process();
    Library library = library();
    out.append("## Environment\n\n| what | value |\n| --- | --- |\n");
    row(out, "library", library.name());
    row(out, "version", library.version());
    row(out, "build id", library.buildId());
    row(out, "file", library.path() == null ? null : redaction.object(library.path()));
    row(out, "distribution", system.distribution());
    row(out, "kernel", process.kernel());
    row(out, "architecture", system.architecture());
    row(out, "glibc", system.glibc());
    row(out, "container", process.container() == null ? "none known" : process.container());
    row(out, "Java", process.java());
    row(out, "JVM", process.vm());
    row(out, "soft limit", Opening.limit(data.reconciliation().limits().soft()));
    row(out, "reported by", "Descry " + data.version());
    out.append("\n");
  }

  private static void row(StringBuilder out, String what, String value) {
    out.append("| ")
        .append(what)
        .append(" | ")
        .append(value == null ? "unknown" : MarkdownText.cell(value))
        .append(" |\n");
  }

  private void observed(StringBuilder out, Redaction redaction) {
    UpstreamText.Meaning meaning = UpstreamText.of(finding.rule());
    out.append("## Observed\n\n")
        .append(meaning.observed())
        .append("\n\nDescry's rule ")
        .append(MarkdownText.code(finding.rule()))
        .append(" holds, ")
        .append(finding.confidence().label())
        .append(". Its evidence:\n\n");
    StringBuilder facts = new StringBuilder();
    for (Evidence evidence : finding.evidence()) {
      facts.append("- ").append(VisibleText.of(redaction.text(evidence.text()), 2000)).append("\n");
    }
    out.append(MarkdownText.fenced("text", facts.toString())).append("\n## Expected\n\n");
    out.append(meaning.expected())
        .append(
            " Descry sees who opened and closed what, not whose duty it was: it is possible that"
                + " the program that uses the library did not call what closes.\n\n");
  }

  private void rates(StringBuilder out, ReportData data) {
    out.append("## Steps and rates\n\n");
    boolean java = !finding.group().site().java().isEmpty();
    out.append("As it was in the running process")
        .append(java ? ", which called the library from Java by the stack below.\n\n" : ".\n\n");
    out.append("| what | value |\n| --- | --- |\n");
    row(out, "count", Words.number(finding.count()));
    row(out, "rate", rate());
    row(
        out,
        "first seen",
        Words.time(finding.firstSeen())
            + " UTC, "
            + Words.duration(Duration.between(finding.firstSeen(), data.written()))
            + " before this report");
    row(
        out,
        "watched for",
        Words.duration(Duration.between(data.started(), data.written()))
            + ", in "
            + Words.count(data.scans(), "scan"));
    row(out, "open in the process", Words.number(data.reconciliation().open()));
    out.append("\n");
  }

  private String rate() {
    double rate = finding.ratePerMinute();
    return Double.isNaN(rate) ? null : rate <= 0 ? "not growing now" : "+" + Words.rate(rate);
  }

  private void stacks(StringBuilder out, Redaction redaction) {
    Site site = finding.group().site();
    out.append("## Stack\n\n");
    if (site.isUnknown()) {
      out.append("Descry has none for these.\n\n");
      return;
    }
    out.append(HazardText.isByCloser(finding) ? "Where it was closed" : "Where they were opened");
    out.append(", innermost frame first");
    out.append(
        site.natives().isEmpty()
            ? ". Only the Java half is known.\n\n"
            : "; an offset is that of the return address from the beginning of the function or,"
                + " without a symbol, of the object.\n\n");
    StringBuilder frames = new StringBuilder();
    frames(frames, site.natives(), redaction::nativeFrame);
    if (!site.natives().isEmpty() && !site.java().isEmpty()) {
      frames.append("---- called by Java ----\n");
    }
    frames(frames, site.java(), redaction::javaFrame);
    out.append(MarkdownText.fenced("text", frames.toString())).append("\n");
  }

  private static void frames(
      StringBuilder out, List<String> frames, Function<String, String> shown) {
    for (String frame : frames.subList(0, Math.min(FRAMES, frames.size()))) {
      out.append(VisibleText.of(shown.apply(frame), 300)).append("\n");
    }
    if (frames.size() > FRAMES) {
      out.append("... ").append(Words.count(frames.size() - FRAMES, "frame")).append(" more\n");
    }
  }

  private void overTime(StringBuilder out, ReportData data) {
    List<Instant> opened =
        finding.descriptors().stream().map(OwnedDescriptor::opened).sorted().toList();
    if (!opened.isEmpty()) {
      out.append("## Descriptors over time\n\n");
      out.append("Of those of this finding that are open now, so many had been opened by:\n\n");
      out.append("| time (UTC) | opened by then, and open now |\n| --- | ---: |\n");
      Instant first = opened.get(0);
      long step = Math.max(1, Duration.between(first, data.written()).toMillis() / MOMENTS);
      for (int i = 1; i <= MOMENTS; i++) {
        Instant at = i == MOMENTS ? data.written() : first.plusMillis(step * i);
        long by = opened.stream().filter(time -> !time.isAfter(at)).count();
        out.append("| ").append(Words.time(at)).append(" | ").append(Words.number(by));
        out.append(" |\n");
      }
      out.append("\n");
    }
    if (!history.isEmpty()) {
      out.append("All that the process had open, whoever opened it:\n\n");
      out.append("| time (UTC) | open |\n| --- | ---: |\n");
      int shown = Math.min(MOMENTS, history.size());
      for (int i = 0; i < shown; i++) {
        // The first, the last, and others evenly between them.
        int index = shown == 1 ? 0 : (int) ((long) i * (history.size() - 1) / (shown - 1));
        Timeline.Point count = history.get(index);
        out.append("| ").append(Words.time(count.at())).append(" | ");
        out.append(Words.number(count.open())).append(" |\n");
      }
      out.append("\n");
    }
  }

  private void descriptors(StringBuilder out, Redaction redaction) {
    if (finding.descriptors().isEmpty()) {
      return;
    }
    Map<String, Integer> alike = new LinkedHashMap<>();
    for (OwnedDescriptor owned : finding.descriptors()) {
      String target = redaction.target(owned.descriptor()).replaceAll("\\[\\d+\\]", "[...]");
      String call = owned.call() == null ? "unknown" : MarkdownText.cell(owned.call());
      String row =
          MarkdownText.cell(owned.descriptor().kind().label())
              + " | "
              + MarkdownText.cell(target)
              + " | "
              + call;
      alike.merge(row, 1, Integer::sum);
    }
    out.append("## What is open\n\n| count | kind | leads to | opened with |\n");
    out.append("| ---: | --- | --- | --- |\n");
    alike.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(MOMENTS)
        .forEach(
            one ->
                out.append("| ")
                    .append(Words.number(one.getValue()))
                    .append(" | ")
                    .append(one.getKey())
                    .append(" |\n"));
    if (alike.size() > MOMENTS) {
      out.append("\nand ").append(alike.size() - MOMENTS).append(" more sorts.\n");
    }
    out.append("\n");
  }

  private void errors(StringBuilder out, ReportData data, Redaction redaction) {
    out.append("## Errors of native calls\n\n");
    List<NativeError> shown = new ArrayList<>();
    for (NativeError error : data.reconciliation().errors()) {
      if (error.object() != null
          && (error.object().path().equals(library().path())
              || PublicObjects.has(error.object().name()))) {
        shown.add(error);
      }
    }
    if (shown.isEmpty()) {
      out.append("None was seen among the calls that Descry watches.");
      out.append("\n\n");
      return;
    }
    out.append("| caller | call | error | count | last (UTC) |\n");
    out.append("| --- | --- | --- | ---: | --- |\n");
    for (NativeError error : shown.subList(0, Math.min(ERRORS, shown.size()))) {
      out.append("| ")
          .append(MarkdownText.cell(redaction.nativeFrame(error.object().name())))
          .append(" | ")
          .append(MarkdownText.cell(error.call()))
          .append(" | ")
          .append(MarkdownText.cell(error.errno()))
          .append(" | ")
          .append(Words.number(error.count()))
          .append(" | ")
          .append(Words.time(error.last()))
          .append(" |\n");
    }
    out.append("\n");
  }

  private void reproducer(StringBuilder out) {
    out.append("## Reproducer\n\n");
    Reproducer program = finding.hazard() ? null : Reproducer.of(library(), finding.group().site());
    if (program == null) {
      out.append("Descry has no skeleton for this finding.\n\n");
      return;
    }
    String file = program.language().equals("c") ? "reproducer.c" : "Reproducer.java";
    out.append("A skeleton, ")
        .append(MarkdownText.code(file))
        .append(
            ": it does what the stack shows and does not close, as the process did. What the"
                + " program did around these calls is not known to Descry; put it in.\n\n")
        .append(MarkdownText.fenced("sh", String.join("\n", program.build()) + "\n"))
        .append("\n")
        .append(MarkdownText.fenced(program.language(), program.code()))
        .append("\n");
  }

  private void beforeSending(StringBuilder out, Redaction redaction) {
    out.append("---\n\n## Before you send this (remove this section)\n\n");
    String tracker = IssueTrackers.of(library().name());
    out.append("- Where: ")
        .append(
            tracker == null
                ? "Descry does not know where the maintainers take reports.\n"
                : "<" + tracker + ">. Look there first whether it is known.\n");
    if (library().path() != null
        && Redaction.isOfTheSystem(library().path())
        && system.bugs() != null) {
      out.append("- The file is in a directory of the distribution, which may have changed the")
          .append(" library; it takes reports at ")
          .append(MarkdownText.code(system.bugs()))
          .append(".\n");
    }
    out.append("- Check first that your program calls what closes these.");
    if (finding.group().site().java().stream().anyMatch(frame -> !Frames.isPublic(frame))) {
      out.append(" Its frames are in the text and JSON reports of the same moment.");
    }
    out.append("\n- Replaced or left out by Descry: ")
        .append(
            redaction.taken().isEmpty()
                ? "nothing had to be"
                : redaction.taken().entrySet().stream()
                    .map(one -> one.getKey().count(one.getValue()))
                    .collect(Collectors.joining(", ")))
        .append(
            "; never in it: the command line, host, user, process id, numbers of descriptors.\n")
        .append("- Still in it: versions of system, kernel, JVM and library, the library's file,")
        .append(" names of public libraries and their functions, counts and times. Read the")
        .append(" evidence: it is words of Descry's with names taken out by pattern.\n");
  }
}
