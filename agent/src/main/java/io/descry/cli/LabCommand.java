package io.descry.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The programs that leak on purpose, and those that do not. */
@Command(
    name = "lab",
    description = {
      "Runs a program of the corpus with Descry and shows the report, two minutes at most; or says"
          + " how right Descry is about many. Needs a checkout of Descry's sources."
    },
    exitCodeList = {
      "0:no program without a leak got a finding, no finding that is certain or probable is false,"
          + " and the kernel agrees with every label",
      "1:one of these does not hold",
      "2:there is no such program, or this jar is not in a checkout"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./descry lab --list",
      "  ./descry lab netty-groups",
      "  ./descry lab --score --jobs=2"
    })
final class LabCommand extends HelpOption implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--list", description = "list the programs, with the seconds that each takes")
  private boolean list;

  @Option(names = "--score", description = "run these, or all, and show how right Descry was")
  private boolean score;

  @Option(names = "--markdown", description = "with --score: as a table of Markdown")
  private boolean markdown;

  @Option(names = "--jobs", paramLabel = "N", description = "with --score: so many at a time")
  private Integer jobs;

  @Parameters(paramLabel = "NAME", description = "programs of the corpus")
  private List<String> programs = List.of();

  /** Made by picocli. */
  LabCommand() {}

  @Override
  public Integer call() throws UnusableException {
    if (!list && !score && programs.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "no program; --list shows them");
    }
    Checkout checkout = Checkout.ofThisJar("lab");
    List<String> arguments =
        new ArrayList<>(List.of(checkout.jar().toString(), checkout.work().toString()));
    if (list) {
      arguments.add("--list");
    }
    if (score) {
      arguments.add("--score");
    }
    if (markdown) {
      arguments.add("--markdown");
    }
    if (jobs != null) {
      arguments.add("--jobs=" + jobs);
    }
    arguments.addAll(programs);
    return checkout.run(List.of("-Xmx128m"), "io.descry.lab.corpus.Lab", arguments);
  }
}
