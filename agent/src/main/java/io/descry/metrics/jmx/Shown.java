package io.descry.metrics.jmx;

import java.util.List;
import java.util.stream.Stream;

/** Text from outside, of bounded length and without what would not show as itself in a console. */
final class Shown {
  private static final int LONGEST = 2000;
  private static final char REPLACEMENT = '\ufffd';

  private Shown() {}

  static String text(String text) {
    if (text == null) {
      return "";
    }
    return text.codePoints()
        .limit(LONGEST)
        .map(point -> isShown(point) ? point : REPLACEMENT)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  static List<String> texts(Stream<String> all) {
    return all.map(Shown::text).toList();
  }

  private static boolean isShown(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
