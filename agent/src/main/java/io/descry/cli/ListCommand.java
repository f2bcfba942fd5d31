package io.descry.cli;

import io.descry.report.VisibleText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which JVMs run here. */
@Command(
    name = "list",
    description = {
      "Lists the JVMs that run here, in containers too, and in which of them Descry does.",
      "Of other users' only root learns how much they have open."
    },
    exitCodeList = {"0:they are listed", "2:this system has no /proc to ask"},
    footerHeading = "%nExamples:%n",
    footer = {"  descry list", "  sudo descry list --json"})
final class ListCommand extends HelpOption implements Callable<Integer> {
  private static final int SHOWN = 100;

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "write JSON, for programs")
  private boolean json;

  /** Made by picocli. */
  ListCommand() {}

  @Override
  public Integer call() throws UnusableException {
    if (!JvmProcess.canAsk()) {
      throw new UnusableException("this system has no /proc; the JDK's jps lists its JVMs");
    }
    List<JvmProcess> all;
    try {
      all = JvmProcess.all();
    } catch (IOException e) {
      throw new UnusableException("/proc cannot be read: " + e, e);
    }
    long self = ProcessHandle.current().pid();
    // Without a user it has ended since.
    List<JvmProcess> others =
        all.stream().filter(process -> process.pid() != self && process.uid() >= 0).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          JsonText.array(
              others,
              (writer, process) -> {
                writer.writeNumberField("pid", process.pid());
                writer.writeStringField("user", process.user());
                writer.writeNumberField("open", process.open());
                writer.writeStringField("limitSoft", process.softLimit());
                writer.writeBooleanField("descry", process.runsDescry());
                writer.writeStringField("command", process.command());
              }));
    } else {
      out.printf(
          "%8s  %-10s %7s %9s  %-6s  %s%n", "PID", "USER", "OPEN", "LIMIT", "DESCRY", "COMMAND");
      for (JvmProcess process : others) {
        int open = process.open();
        out.printf(
            "%8d  %-10s %7s %9s  %-6s  %s%n",
            process.pid(),
            process.user(),
            open < 0 ? "?" : Integer.toString(open),
            process.softLimit(),
            process.runsDescry() ? "runs" : "",
            VisibleText.of(process.command(), SHOWN));
      }
    }
    out.flush();
    return DescryCommand.DONE;
  }
}
