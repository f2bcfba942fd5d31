package io.descry.cli;

import io.descry.report.ReadReport;
import io.descry.report.ReportData;
import io.descry.report.TextReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a report: one that a JVM makes now, or one that was written as JSON. */
@Command(
    name = "report",
    description = {
      "Shows a report: one that a JVM in which Descry runs makes now, or a file of formats=json."
    },
    exitCodeList = {
      "0:the report is shown, whatever it says",
      "2:there is none: Descry does not run there, or the file is no JSON report"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  descry report 4711",
      "  descry report 4711 --json > now.json",
      "  descry report descry-4711.json | less"
    })
final class ReportCommand extends HelpOption implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PID|FILE", description = "a process id, or a JSON report")
  private String what;

  @Option(names = "--json", description = "the report as JSON, for programs")
  private boolean json;

  /** Made by picocli. */
  ReportCommand() {}

  @Override
  public Integer call() throws UnusableException {
    if (what.matches("\\d{1,10}") && !Files.exists(Path.of(what))) {
      try (Asking asking = new Asking(Attachment.to(JvmProcess.of(Long.parseLong(what))))) {
        asking.dump();
        show(asking.file());
      }
    } else {
      show(Path.of(what));
    }
    return DescryCommand.DONE;
  }

  private void show(Path file) throws UnusableException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      ReportData data = ReadReport.of(file);
      out.print(json ? Files.readString(file) : new TextReport().render(data));
      out.flush();
    } catch (IOException e) {
      throw new UnusableException(e.getMessage(), e);
    }
  }
}
