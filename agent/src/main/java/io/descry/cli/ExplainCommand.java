package io.descry.cli;

import io.descry.cli.RuleGuide.Rule;
import io.descry.cli.RuleGuide.Threshold;
import io.descry.report.TextPage;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a rule means. */
@Command(
    name = "explain",
    description = {
      "Explains a rule: what a finding of it means, how sure it is, its evidence and how to check"
          + " it by hand, from where on it speaks, what to do. Without a rule: lists all."
    },
    exitCodeList = {"0:it is explained", "2:there is no such rule"},
    footerHeading = "%nExamples:%n",
    footer = {"  descry explain", "  descry explain peer-gone", "  descry explain growth-3"})
final class ExplainCommand extends HelpOption implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RULE",
      completionCandidates = RuleNames.class,
      description = "the rule's name, or the id of a finding, such as growth-3")
  private String rule;

  @Option(names = "--json", description = "write JSON, for programs")
  private boolean json;

  /** The names, for completion. */
  static final class RuleNames implements Iterable<String> {
    /** Made by picocli. */
    RuleNames() {}

    @Override
    public java.util.Iterator<String> iterator() {
      return RuleGuide.rules().keySet().iterator();
    }
  }

  /** Made by picocli. */
  ExplainCommand() {}

  @Override
  public Integer call() throws UnusableException {
    Map<String, Rule> rules = RuleGuide.rules();
    PrintWriter out = spec.commandLine().getOut();
    if (rule == null) {
      out.print(json ? json(rules.values()) : names(rules.values()));
    } else {
      Rule named = rules.getOrDefault(rule, rules.get(rule.replaceFirst("-\\d+$", "")));
      if (named == null) {
        throw new UnusableException(
            "there is no rule '" + rule + "'; rules: " + String.join(", ", rules.keySet()));
      }
      out.print(json ? json(List.of(named)) : text(named));
    }
    out.flush();
    return DescryCommand.DONE;
  }

  private static String names(Collection<Rule> rules) {
    TextPage page = new TextPage();
    rules.forEach(one -> page.wrap("%-20s ".formatted(one.name()), one.summary()));
    return page.toString();
  }

  private static String text(Rule rule) {
    TextPage page = new TextPage();
    page.line(rule.name());
    rule.sections()
        .forEach(
            (heading, text) -> {
              page.blank().line(heading);
              for (String paragraph : text.split("\n\n")) {
                for (String line : paragraph.split("\n")) {
                  page.wrap(line.startsWith("- ") ? "  - " : "  ", line.replaceFirst("^- ", ""));
                }
              }
            });
    if (!rule.thresholds().isEmpty()) {
      page.blank().line("Thresholds, which are options");
      for (Threshold threshold : rule.thresholds()) {
        page.wrap("  " + threshold.key() + "=" + threshold.usual() + "  ", threshold.meaning());
      }
    }
    return page.toString();
  }

  private static String json(Collection<Rule> rules) {
    return JsonText.array(
            rules,
            (writer, one) -> {
              writer.writeStringField("rule", one.name());
              writer.writeObjectFieldStart("sections");
              for (Map.Entry<String, String> section : one.sections().entrySet()) {
                writer.writeStringField(section.getKey(), section.getValue());
              }
              writer.writeEndObject();
              writer.writeArrayFieldStart("thresholds");
              for (Threshold threshold : one.thresholds()) {
                writer.writeStartObject();
                writer.writeStringField("key", threshold.key());
                writer.writeStringField("default", threshold.usual());
                writer.writeStringField("meaning", threshold.meaning());
                writer.writeEndObject();
              }
              writer.writeEndArray();
            })
        + "\n";
  }
}
