package io.descry.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: {@code java -jar descry.jar COMMAND}. */
@Command(
    name = "descry",
    description = "Finds descriptor leaks in JVMs, and says who leaked.",
    versionProvider = VersionText.class,
    subcommands = {
      ListCommand.class,
      AttachCommand.class,
      ReportCommand.class,
      TopCommand.class,
      DiffCommand.class,
      ExplainCommand.class,
      DoctorCommand.class,
      DemoCommand.class,
      LabCommand.class,
      GenerateCompletion.class
    },
    exitCodeList = {
      "0:done",
      "1:done, and the answer is no: of diff, doctor, demo and lab, whose help says more",
      "2:it cannot be done, with the reason on standard error; or the command is wrong"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  descry list                     which JVMs run here, and in which Descry does",
      "  descry attach 4711 interval=5s  start Descry in a JVM that runs",
      "  descry report 4711              what it found so far",
      "  descry top 4711                 the same, live",
      "  source <(descry generate-completion)   completion of bash and zsh",
      "",
      "To have Descry in a JVM from its start: java -javaagent:descry.jar -jar app.jar"
    })
public final class DescryCommand extends HelpOption implements Runnable {
  /** Exit status: what was asked for is done. */
  static final int DONE = 0;

  /** Exit status: what was asked for cannot be done, or the command is wrong. */
  static final int UNUSABLE = 2;

  @Spec private CommandSpec spec;

  @CommandLine.Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "print the version")
  private boolean version;

  /** Made by {@link #run(PrintStream, PrintStream, String[])}. */
  private DescryCommand() {}

  /**
   * Runs a command.
   *
   * @return its exit status, which its help tells
   */
  public static int run(PrintStream out, PrintStream err, String[] arguments) {
    Charset charset = Charset.defaultCharset();
    return line()
        .setOut(new PrintWriter(out, true, charset))
        .setErr(new PrintWriter(err, true, charset))
        .execute(arguments);
  }

  /** The commands, as picocli knows them. */
  static CommandLine line() {
    CommandLine line = new CommandLine(new DescryCommand());
    line.getSubcommands()
        .get("generate-completion")
        .getCommandSpec()
        .usageMessage()
        .description("Prints a script that has bash and zsh complete commands and options.");
    return line.setExecutionExceptionHandler(DescryCommand::said)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(100);
  }

  /** In one line, for what a person can do something about; not with a stack. */
  private static int said(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    command.getErr().println("descry: " + (e instanceof UnusableException ? e.getMessage() : e));
    return UNUSABLE;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command");
  }
}
