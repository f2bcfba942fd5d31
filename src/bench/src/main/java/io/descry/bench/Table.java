package io.descry.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A table in Markdown. */
final class Table {
  private final List<String> lines = new ArrayList<>();

  Table(String... columns) {
    row((Object[]) columns);
    row(Collections.nCopies(columns.length, "---").toArray());
  }

  /** Adds a row, of as many cells as there are columns. */
  void row(Object... cells) {
    StringBuilder line = new StringBuilder("|");
    for (Object cell : cells) {
      line.append(' ').append(cell).append(" |");
    }
    lines.add(line.toString());
  }

  /** A number with so many decimals, thousands set apart. */
  static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  @Override
  public String toString() {
    return String.join("\n", lines) + "\n";
  }
}
