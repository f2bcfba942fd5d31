package io.descry.os.symbols;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Symbols as their programmers wrote them. Rust's older names are those of C++ with a hash at the
 * end and escapes for what C++ has no letters for (rustc's symbol_names/legacy.rs).
 *
 * @param cxx the C++ demangler
 */
record Demangled(UnaryOperator<String> cxx) {
  private static final Pattern RUST_HASH = Pattern.compile("(.*)::h[0-9a-f]{16}");
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
    return rust.matches() ? rust(rust.group(1)) : name;
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
