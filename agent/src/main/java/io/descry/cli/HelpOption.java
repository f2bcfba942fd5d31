package io.descry.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What each command has. */
@Command(
    exitCodeOnExecutionException = DescryCommand.UNUSABLE,
    exitCodeListHeading = "%nExit status:%n")
abstract class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this")
  private boolean help;

  HelpOption() {}
}
