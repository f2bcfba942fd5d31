package io.descry.lab;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Enough JSON to say what is true: the lab's programs must bring no library that they do not test.
 */
public final class Json {
  private Json() {}

  /**
   * One line of JSON for maps, collections, numbers, truth values and anything else as text.
   *
   * @param value may be {@code null}
   */
  public static String of(Object value) {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return String.valueOf(value);
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> text(String.valueOf(entry.getKey())) + ":" + of(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof Collection<?> values) {
      return values.stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
    }
    return text(value.toString());
  }

  private static String text(String value) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : value.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
