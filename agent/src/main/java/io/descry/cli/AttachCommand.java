package io.descry.cli;

import io.descry.agent.CommandLineFacts;
import io.descry.report.ReportData;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Starts Descry in a JVM that runs already. */
@Command(
    name = "attach",
    description = {
      "Starts Descry in a JVM that runs already, as its own user or as root.",
      "What is open by then is marked \"inherited\"; what is opened later has its site. JDK 21 and"
          + " later print a warning of their own in that JVM, unless it has"
          + " -XX:+EnableDynamicAgentLoading.",
    },
    exitCodeList = {
      "0:Descry runs in it now",
      "2:it could not be attached to, or the command is wrong; nothing was changed"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  descry attach 4711",
      "  descry attach 4711 interval=5s metrics=9464 report=/var/tmp/descry-%%p"
    })
final class AttachCommand extends HelpOption implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "PID",
      description = "process id, as `descry list` shows it")
  private long pid;

  @Parameters(
      index = "1..*",
      paramLabel = "KEY=VALUE",
      description =
          "options, the same as after -javaagent:descry.jar=; several may be joined by commas")
  private List<String> options = List.of();

  /** Made by picocli. */
  AttachCommand() {}

  @Override
  public Integer call() throws UnusableException {
    String argument = String.join(",", options);
    List<String> problems = CommandLineFacts.problems(argument);
    if (!problems.isEmpty()) {
      throw new UnusableException(String.join("\ndescry: ", problems));
    }
    JvmProcess process = JvmProcess.of(pid);
    Attachment attachment = Attachment.to(process);
    PrintWriter out = spec.commandLine().getOut();
    if (JvmProcess.canAsk() && process.runsDescry()) {
      if (!options.isEmpty()) {
        throw new UnusableException(
            "Descry runs in process "
                + pid
                + " already, and its options cannot be changed; without"
                + " options this command says how it is");
      }
      out.println("Descry runs in process " + pid + " already.");
    } else {
      attach(attachment, argument, out);
    }
    try (Asking asking = new Asking(attachment)) {
      asking.dump();
      ReportData report = asking.answer();
      out.printf(
          "%,d descriptors are open, the soft limit is %s; findings so far: %d.%n",
          report.open(),
          process.softLimit().isEmpty() ? "unknown" : process.softLimit(),
          report.findings());
    }
    out.printf("Next: descry report %d, or live: descry top %d%n", pid, pid);
    out.flush();
    return DescryCommand.DONE;
  }

  private static void attach(Attachment attachment, String argument, PrintWriter out)
      throws UnusableException {
    JvmProcess process = attachment.process();
    String jar = attachment.jar();
    boolean copied = jar == null;
    if (copied) {
      // It stays: the JVM reads classes from it for as long as it lives.
      jar = attachment.copy(Mailbox.of(process));
    }
    attachment.load(jar, argument);
    if (JvmProcess.canAsk() && !attachment.awaitDescry()) {
      throw new UnusableException(
          "process "
              + process.pid()
              + " loaded the agent, but Descry did not begin; its standard error says why");
    }
    out.printf("Descry watches process %d (%s).%n", process.pid(), process.command());
    if (copied) {
      out.printf(
          "It has another view of the file system, or may not read this jar, and was given a copy:"
              + " %s%nRemove that when the process has ended.%n",
          jar);
    }
  }
}
