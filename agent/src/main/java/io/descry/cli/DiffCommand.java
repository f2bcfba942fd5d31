package io.descry.cli;

import io.descry.report.DiffJson;
import io.descry.report.DiffText;
import io.descry.report.ReportDiff;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What appeared, what went and what grew between two JSON reports. */
@Command(
    name = "diff",
    description = "Shows what appeared, what went and what grew between two JSON reports.",
    exitCodeList = {"0:nothing differs", "1:something differs", "2:the input cannot be used"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  descry diff before.json after.json",
      "  descry diff yesterday.json today.json --json | jq .findings"
    })
final class DiffCommand extends HelpOption implements Callable<Integer> {
  private static final int SAME = 0;
  private static final int DIFFERENT = 1;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "BEFORE.json", description = "the earlier report")
  private Path before;

  @Parameters(index = "1", paramLabel = "AFTER.json", description = "the later report")
  private Path after;

  @Option(names = "--json", description = "write JSON, for programs")
  private boolean json;

  /** Made by picocli. */
  DiffCommand() {}

  @Override
  public Integer call() throws UnusableException {
    ReportDiff diff;
    String text;
    try {
      diff = ReportDiff.of(before, after);
      text = json ? json(diff) : DiffText.render(diff);
    } catch (IOException e) {
      throw new UnusableException(e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
    return diff.isSame() ? SAME : DIFFERENT;
  }

  private static String json(ReportDiff diff) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DiffJson.write(diff, bytes);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
