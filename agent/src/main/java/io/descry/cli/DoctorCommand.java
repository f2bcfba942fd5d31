package io.descry.cli;

import io.descry.cli.Check.Answer;
import io.descry.cli.Check.State;
import io.descry.report.TextPage;
import io.descry.report.VisibleText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What works on this host. */
@Command(
    name = "doctor",
    description = {
      "Tries what Descry needs on this host, in a process of its own, and says what works.",
      "Run it as the user, in the container and with the JDK of the service that is meant."
    },
    exitCodeList = {
      "0:Descry works here, if some lines say `limited` with less to see",
      "1:something fails without which Descry does not work",
      "2:the command is wrong"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  descry doctor", "  descry doctor --json | jq '.[] | select(.state != \"ok\")'"})
final class DoctorCommand extends HelpOption implements Callable<Integer> {
  private static final int ILL = 1;
  private static final int LONGEST = 2000;

  private record Answered(String name, Answer answer) {}

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "write JSON, for programs")
  private boolean json;

  /** Made by picocli. */
  DoctorCommand() {}

  @Override
  public Integer call() {
    List<Check> checks = new ArrayList<>(JavaChecks.all());
    checks.addAll(LinuxChecks.all());
    checks.addAll(WindowsChecks.all());
    return show(checks, json, spec.commandLine().getOut());
  }

  /** Asks those that apply, prints the answers, and gives the exit status. */
  static int show(List<Check> checks, boolean json, PrintWriter out) {
    List<Answered> answers =
        checks.stream()
            .filter(Check::applies)
            .map(check -> new Answered(check.name(), check.answer()))
            .toList();
    boolean ill = answers.stream().anyMatch(one -> one.answer().state() == State.FAILED);
    if (json) {
      out.println(
          JsonText.array(
              answers,
              (writer, one) -> {
                writer.writeStringField("check", one.name());
                writer.writeStringField("state", one.answer().state().label());
                writer.writeStringField("text", one.answer().text());
              }));
    } else {
      TextPage page = new TextPage();
      for (Answered one : answers) {
        page.wrap(
            "%-8s %-14s ".formatted(one.answer().state().label(), one.name()),
            VisibleText.of(one.answer().text(), LONGEST));
      }
      page.blank().line(sum(answers, ill));
      out.print(page);
    }
    out.flush();
    return ill ? ILL : DescryCommand.DONE;
  }

  private static String sum(List<Answered> answers, boolean ill) {
    if (ill) {
      return "Descry does not work here.";
    }
    return answers.stream().allMatch(one -> one.answer().state() == State.OK)
        ? "Descry works here."
        : "Descry works here, and sees less where it says `limited`.";
  }
}
