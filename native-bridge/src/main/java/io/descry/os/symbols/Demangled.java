package io.descry.os.symbols;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Symbols as their programmers wrote them, without parameters, as Java's frames are: with templates
 * they would fill a screen. Rust's older names are those of C++ with a hash at the end and escapes
 * for what C++ has no letters for (rustc's symbol_names/legacy.rs).
 *
 * @param cxx the C++ demangler
 */
record Demangled(UnaryOperator<String> cxx) {
  private static final Pattern RUST_HASH = Pattern.compile("(.*)::h[0-9a-f]{16}");
  private static final Pattern QUALIFIERS =
      Pattern.compile("(?: const| volatile| ?&&?|\\[abi:\\w+\\]| \\[clone [^]]*\\])+$");

  private static final Pattern ESCAPE = Pattern.compile("\\$([A-Z]{1,2}|u[0-9a-f]{1,6})\\$");

  /** The name itself when it is not mangled, or by another scheme. */
  String of(String symbol) {
    if (!symbol.startsWith("_Z")) {
      return symbol;
    }
    String name = cxx.apply(symbol);
    if (name == null) {
      return symbol;
    }
    Matcher rust = RUST_HASH.matcher(name);
    return rust.matches() ? rust(rust.group(1)) : withoutParameters(name);
  }

  /**
   * Cuts the last pair of parentheses and what is behind it ({@code const}, {@code [clone ...]}).
   */
  private static String withoutParameters(String name) {
    int end = QUALIFIERS.matcher(name).replaceFirst("").length();
    if (end == 0 || name.charAt(end - 1) != ')') {
      return name;
    }
    int depth = 0;
    for (int i = end - 1; i > 0; i--) {
      char at = name.charAt(i);
      depth += at == ')' ? 1 : at == '(' ? -1 : 0;
      if (depth == 0) {
        return name.substring(0, i);
      }
    }
    return name;
  }

  private static String rust(String name) {
    String path = name.replace("..", "::");
    String plain =
        ESCAPE.matcher(path).replaceAll(e -> Matcher.quoteReplacement(character(e.group(1))));
    return plain.startsWith("_<") ? plain.substring(1) : plain.replace("::_<", "::<");
  }

  private static String character(String escape) {
    return switch (escape) {
      case "SP" -> "@";
      case "BP" -> "*";
      case "RF" -> "&";
      case "LT" -> "<";
      case "GT" -> ">";
      case "LP" -> "(";
      case "RP" -> ")";
      case "C" -> ",";
      default ->
          escape.startsWith("u")
              ? character(Integer.parseInt(escape.substring(1), 16), escape)
              : "$" + escape + "$";
    };
  }

  private static String character(int codePoint, String escape) {
    return Character.isValidCodePoint(codePoint)
        ? Character.toString(codePoint)
        : "$" + escape + "$";
  }
}
