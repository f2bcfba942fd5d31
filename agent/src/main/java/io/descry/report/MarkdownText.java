package io.descry.report;

/**
 * Text from outside as it may stand in Markdown: always as code, where no renderer reads markup,
 * links, mentions or HTML from it (CommonMark 0.31, "Code spans" and "Fenced code blocks").
 */
final class MarkdownText {
  private static final int LONGEST = 300;
  private static final int SHORTEST_FENCE = 3;

  private MarkdownText() {}

  /** A code span; on one line whatever the text is. */
  static String code(String text) {
    String shown = VisibleText.of(text, LONGEST);
    if (shown.isBlank()) {
      return "(empty)";
    }
    String marks = "`".repeat(longestRun(shown) + 1);
    // One blank is taken off both ends where both are there.
    boolean padded = shown.startsWith("`") || shown.endsWith("`") || shown.startsWith(" ");
    return padded ? marks + " " + shown + " " + marks : marks + shown + marks;
  }

  /** A code span for a cell of a table, where a bar would end the cell even in code. */
  static String cell(String text) {
    return code(text).replace("|", "\\|");
  }

  /**
   * A fenced block.
   *
   * @param language what the lines are, such as {@code c}
   * @param lines ended by {@code \n} each; of controls they hold nothing else
   */
  static String fenced(String language, String lines) {
    String fence = "`".repeat(Math.max(SHORTEST_FENCE, longestRun(lines) + 1));
    return fence + language + "\n" + lines + fence + "\n";
  }

  private static int longestRun(String text) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }
}
