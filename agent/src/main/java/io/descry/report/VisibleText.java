package io.descry.report;

/**
 * Text from outside (file names, socket paths, thread names), made safe to show: whoever chose it
 * must not be able to forge lines, move the cursor or turn the reading direction.
 */
public final class VisibleText {
  private static final String CUT = "...";

  private VisibleText() {}

  /**
   * The text with everything that does not show as itself written as {@code \n}, {@code \t} or
   * {@code \}{@code u202e}. What is longer than {@code limit} characters loses its middle, as the
   * end of a path says most.
   *
   * @param text any text; {@code null} gives {@code "?"}
   * @param limit greatest length before escaping, at least 8
   */
  public static String of(String text, int limit) {
    if (text == null) {
      return "?";
    }
    String shortened = text;
    if (text.length() > limit) {
      int kept = (limit - CUT.length()) / 2;
      shortened = text.substring(0, kept) + CUT + text.substring(text.length() - kept);
    }
    StringBuilder out = new StringBuilder(shortened.length());
    for (int i = 0; i < shortened.length(); ) {
      int point = shortened.codePointAt(i);
      append(out, point);
      i += Character.charCount(point);
    }
    return out.toString();
  }

  /**
   * Whether a character shows as nothing, as white space that is no plain blank, or changes how its
   * neighbours show: controls, line ends, bidirectional and other format characters, halves of
   * surrogate pairs, private and unassigned ones.
   */
  static boolean isHidden(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      case Character.SPACE_SEPARATOR -> point != ' ';
      default -> false;
    };
  }

  private static void append(StringBuilder out, int point) {
    if (!isHidden(point)) {
      out.appendCodePoint(point);
      return;
    }
    switch (point) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> out.append(String.format(point > 0xffff ? "\\U%08x" : "\\u%04x", point));
    }
  }
}
