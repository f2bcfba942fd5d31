package io.descry.junit;

import java.util.List;
import java.util.Map;

/**
 * One descriptor that was opened and that its owner has not closed, as the agent tells it. Texts
 * are safe to show.
 *
 * @param use which use of which number it is
 * @param state open, unreachable or collected
 * @param kind what it is, such as {@code socket.tcp}
 * @param target what it leads to; {@code null} when unknown
 * @param frame where the application opened it; {@code null} when unknown
 * @param library the native library that opened it, with its version; {@code null} when Java did
 * @param call the function by which that opened it; {@code null} when unknown
 * @param thread name of the thread that opened it; {@code null} when unknown
 * @param meaning what it is to the library; {@code null} when unknown
 * @param java frames, innermost first; empty when unknown
 * @param natives frames, innermost first; empty when unknown
 */
record Leftover(
    Use use,
    String state,
    String kind,
    String target,
    String frame,
    String library,
    String call,
    String thread,
    String meaning,
    List<String> java,
    List<String> natives) {
  /** Open, and as far as is known somebody can still close it. */
  static final String OPEN = "open";

  /** The garbage collector closed it. */
  static final String COLLECTED = "collected";

  /**
   * Tells one use of a number from all others.
   *
   * @param number the number
   * @param opened when it was opened, in {@link System#nanoTime()}
   */
  record Use(int number, long opened) {}

  /** From what crosses: types of java.base alone, see the agent's Leftovers. */
  static Leftover of(Map<String, Object> row) {
    return new Leftover(
        new Use((Integer) row.get("number"), (Long) row.get("opened")),
        text(row, "state"),
        text(row, "kind"),
        text(row, "target"),
        text(row, "frame"),
        text(row, "library"),
        text(row, "call"),
        text(row, "thread"),
        text(row, "meaning"),
        frames(row, "java"),
        frames(row, "native"));
  }

  /** Whether nobody can close it any more, or nobody but the garbage collector did. */
  boolean isLost() {
    return !state.equals(OPEN);
  }

  /** Whether nothing is known of where it was opened, so that nothing can be said of it. */
  boolean isFromNowhere() {
    return java.isEmpty() && natives.isEmpty() && library == null;
  }

  private static String text(Map<String, Object> row, String key) {
    return (String) row.get(key);
  }

  private static List<String> frames(Map<String, Object> row, String key) {
    return row.get(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }
}
