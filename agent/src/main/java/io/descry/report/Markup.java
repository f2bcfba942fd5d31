package io.descry.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes elements of HTML and SVG. Names of elements and attributes are literals of this package;
 * whatever else goes in comes out as text: it is made {@linkplain VisibleText visible} and escaped,
 * so that it can neither end what it stands in nor deceive the eye.
 *
 * <p>Not safe for several threads. Throws {@link UncheckedIOException} when the writer throws.
 */
final class Markup {
  private static final int LONGEST_TEXT = 2000;

  private final Writer out;
  private final Deque<String> open = new ArrayDeque<>();

  Markup(Writer out) {
    this.out = out;
  }

  /**
   * Begins an element.
   *
   * @param attributes names and values in turn; one with the value {@code null} is left out, one
   *     with an empty value is written by its name
   */
  Markup tag(String name, String... attributes) {
    write("<");
    write(name);
    for (int i = 0; i < attributes.length; i += 2) {
      attribute(attributes[i], attributes[i + 1]);
    }
    write(">");
    open.push(name);
    return this;
  }

  /** Ends the element that began last. */
  Markup end() {
    write("</");
    write(open.pop());
    write(">");
    return this;
  }

  /** An element that has no content by its nature, such as {@code path}. */
  Markup empty(String name, String... attributes) {
    write("<");
    write(name);
    for (int i = 0; i < attributes.length; i += 2) {
      attribute(attributes[i], attributes[i + 1]);
    }
    write("/>");
    return this;
  }

  /** A path of SVG, of any length. */
  Markup path(String type, StringBuilder points) {
    write("<path class=\"");
    write(escaped(type));
    write("\" d=\"");
    for (int i = 0; i < points.length(); i++) {
      char point = points.charAt(i);
      boolean known = point >= '0' && point <= '9' || "MLZ,. -".indexOf(point) >= 0;
      write(known ? String.valueOf(point) : "?");
    }
    write("\"/>");
    return this;
  }

  /** JSON in a script element: {@code <} is written so that it ends none. */
  Markup data(CharSequence json) {
    write(json.toString().replace("<", "\\u003c"));
    return this;
  }

  /** An element that holds text only. */
  Markup element(String name, String text, String... attributes) {
    return tag(name, attributes).text(text).end();
  }

  /** Text, of {@value #LONGEST_TEXT} characters at most; {@code null} is {@code ?}. */
  Markup text(String text) {
    write(escaped(text));
    return this;
  }

  /** A line end, for those who read the source. */
  Markup line() {
    write("\n");
    return this;
  }

  /** How many elements have begun and not ended. */
  int depth() {
    return open.size();
  }

  /** The text as it may stand between tags and between quotes. */
  static String escaped(String text) {
    String visible = VisibleText.of(text, LONGEST_TEXT);
    StringBuilder escaped = new StringBuilder(visible.length() + 16);
    for (int i = 0; i < visible.length(); i++) {
      char character = visible.charAt(i);
      switch (character) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(character);
      }
    }
    return escaped.toString();
  }

  private void attribute(String name, String value) {
    if (value != null) {
      write(" ");
      write(name);
      if (!value.isEmpty()) {
        write("=\"");
        write(escaped(value));
        write("\"");
      }
    }
  }

  private void write(String text) {
    try {
      out.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
