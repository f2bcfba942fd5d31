package io.descry.report;

/** A page of plain text that is being written: indented lines, wrapped at {@value #WIDTH}. */
public final class TextPage {

  /** Columns of a line, but for what must not be broken. */
  public static final int WIDTH = 96;

  private final StringBuilder out = new StringBuilder();

  /** One line as it is, however long: what is copied to a shell must not be broken. */
  public TextPage line(String text) {
    out.append(text.stripTrailing()).append('\n');
    return this;
  }

  /** An empty line. */
  public TextPage blank() {
    return line("");
  }

  /** A heading, underlined. */
  public TextPage heading(String text) {
    return blank().line(text).line("-".repeat(text.length()));
  }

  /**
   * Words, broken at blanks; a word longer than the line stays whole.
   *
   * @param first what the first line begins with; later lines begin with as many blanks
   */
  public TextPage wrap(String first, String text) {
    String rest = " ".repeat(first.length());
    StringBuilder line = new StringBuilder(first);
    boolean fresh = true;
    for (String word : text.strip().split(" +")) {
      if (!fresh && line.length() + 1 + word.length() > WIDTH) {
        line(line.toString());
        line.setLength(0);
        line.append(rest);
        fresh = true;
      }
      line.append(fresh ? "" : " ").append(word);
      fresh = false;
    }
    return line(line.toString());
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
