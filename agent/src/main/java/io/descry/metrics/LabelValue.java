package io.descry.metrics;

import java.util.HashSet;
import java.util.Set;

/**
 * The values of one label: cleaned, and never more than a bound of them, as each costs the scraper
 * a series for good. First come, first served; all others share {@value #OTHER}. For use by one
 * thread at a time.
 */
final class LabelValue {
  static final String NONE = "none";
  static final String OTHER = "other";
  private static final int LONGEST = 100;

  private final int bound;
  private final Set<String> known = new HashSet<>();

  LabelValue(int bound) {
    this.bound = bound;
  }

  /** The value to show: never {@code null} or empty. */
  String of(String text) {
    String clean = clean(text);
    if (clean.equals(NONE) || known.contains(clean)) {
      return clean;
    }
    return known.size() < bound && known.add(clean) ? clean : OTHER;
  }

  /** Without control and format characters and lone surrogates, and of bounded length. */
  private static String clean(String text) {
    return text == null ? NONE : clean(text, LONGEST);
  }

  /** Likewise, of a text from outside that is to be at most so long. */
  static String clean(String text, int longest) {
    String clean =
        text.codePoints()
            .limit(longest)
            .filter(LabelValue::isShown)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
            .strip();
    return clean.isEmpty() ? NONE : clean;
  }

  private static boolean isShown(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
