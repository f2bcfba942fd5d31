package io.descry.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What docs/reports.md, which is in the jar, says of the rules. */
final class RuleGuide {
  private static final String FILE = "reports.md";
  private static final String MEANING = "What it means";
  private static final Pattern HEADING = Pattern.compile("^\\*\\*([^*]+)\\.\\*\\*\\s*");
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)]\\([^)]*\\)");
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| `([^`]+)` \\| (.*) \\|");

  /**
   * A rule.
   *
   * @param name as in a finding
   * @param sections texts by heading: what it means, how sure it is, its evidence, how to check it,
   *     what to do
   * @param thresholds options that set from where on it speaks
   */
  record Rule(String name, Map<String, String> sections, List<Threshold> thresholds) {
    /** Its meaning in a sentence. */
    String summary() {
      String meaning = sections.get(MEANING);
      int end = meaning.indexOf(". ");
      String first = end < 0 ? meaning : meaning.substring(0, end + 1);
      // Of hazards the first sentence says just that.
      return first.equals("A hazard, no leak.")
          ? first + " " + meaning.substring(end + 2).split("(?<=[.:;]) ")[0]
          : first;
    }
  }

  /** An option, its default, and what it is. */
  record Threshold(String key, String usual, String meaning) {}

  private RuleGuide() {}

  /** All rules, by name, in the order of the page. */
  static Map<String, Rule> rules() {
    Map<String, String> chapters = chapters(page());
    Map<String, Rule> rules = new LinkedHashMap<>();
    chapters.forEach(
        (name, text) -> {
          if (text.startsWith("**" + MEANING + ".**")) {
            rules.put(
                name, new Rule(name, sections(text), thresholds(name, chapters.get("Thresholds"))));
          }
        });
    return rules;
  }

  private static String page() {
    try (InputStream in = RuleGuide.class.getResourceAsStream(FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException | NullPointerException e) {
      throw new IllegalStateException("the jar is damaged: no " + FILE, e);
    }
  }

  private static Map<String, String> chapters(String page) {
    Map<String, String> chapters = new LinkedHashMap<>();
    for (String chapter : page.split("(?m)^## ")) {
      int end = chapter.indexOf('\n');
      chapters.put(chapter.substring(0, end).strip(), chapter.substring(end).strip());
    }
    return chapters;
  }

  private static Map<String, String> sections(String chapter) {
    Map<String, String> sections = new LinkedHashMap<>();
    String heading = MEANING;
    for (String paragraph : chapter.split("\n\n+")) {
      Matcher matcher = HEADING.matcher(paragraph);
      boolean found = matcher.find();
      if (found) {
        heading = matcher.group(1);
      }
      String text = plain(paragraph.substring(found ? matcher.end() : 0));
      sections.merge(heading, text, (before, more) -> before + "\n\n" + more);
    }
    return sections;
  }

  private static List<Threshold> thresholds(String rule, String table) {
    List<Threshold> thresholds = new ArrayList<>();
    Matcher row = ROW.matcher(table);
    while (row.find()) {
      if (row.group(3).contains("(#" + rule + ")")) {
        thresholds.add(new Threshold(row.group(1), row.group(2), plain(row.group(3))));
      }
    }
    return thresholds;
  }

  /** Without what is there for browsers; an item of a list, or a row of a table, is a line. */
  private static String plain(String markdown) {
    return LINK.matcher(markdown)
        .replaceAll("$1")
        .replaceFirst("^\\|.*\n\\| ---.*\n", "")
        .replaceAll("(?m)^\\| (\\S+) \\| (.*) \\|$", "- $1: $2")
        .replaceAll("(?<![\\S&&[^(]])\\*(\\w[^*`]*)\\*", "$1")
        .replace("`", "")
        .replaceAll("\n(?!- )", " ")
        .replaceAll(" +", " ")
        .strip();
  }
}
