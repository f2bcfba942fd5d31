package io.descry.lab.corpus;

import io.descry.lab.OpenNumbers;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is true of a program: for what reasons it leaks, none when it does not. Each leak is by all
 * of them together.
 */
record Truth(List<Cause> causes) {
  /**
   * What a library, the virtual machine or the agent may open once for good; more than this is a
   * leak, and the label wrong.
   */
  private static final int FOR_GOOD = 8;

  private static final int PATIENCE = 100;

  static Truth clean() {
    return new Truth(List.of());
  }

  static Truth of(Cause... causes) {
    return new Truth(List.of(causes));
  }

  /** How many of each kind so many leaks leave open. */
  SortedMap<String, Integer> left(int leaks) {
    SortedMap<String, Integer> left = new TreeMap<>();
    for (Cause cause : causes) {
      if (cause.staysOpen()) {
        cause.kinds().forEach((kind, each) -> left.merge(kind, each * leaks, Integer::sum));
      }
    }
    return left;
  }

  /**
   * Asks the kernel, for up to 10 s, with a garbage collection each time.
   *
   * @param before what {@link #open} said before the first leak
   * @return what is wrong with this label, in words; {@code null} when it is right
   */
  String wrong(Map<String, Integer> before, int leaks) throws InterruptedException {
    if (!causes.isEmpty() && leaks == 0) {
      return "nothing leaked";
    }
    String wrong = null;
    for (int patience = 0; patience < PATIENCE; patience++) {
      System.gc();
      wrong = compare(before, open(), left(leaks));
      if (wrong == null) {
        return null;
      }
      Thread.sleep(100);
    }
    return wrong;
  }

  /**
   * What is wrong with a label, in words; {@code null} when nothing is.
   *
   * @param expected what the label says to have been gained between the two counts
   */
  static String compare(
      Map<String, Integer> before, Map<String, Integer> after, Map<String, Integer> expected) {
    SortedMap<String, Integer> gained = new TreeMap<>(after);
    before.forEach((kind, count) -> gained.merge(kind, -count, Integer::sum));
    gained.values().removeIf(count -> count == 0);
    int more = 0;
    boolean less = false;
    TreeMap<String, Integer> all = new TreeMap<>(expected);
    gained.keySet().forEach(kind -> all.putIfAbsent(kind, 0));
    for (Map.Entry<String, Integer> kind : all.entrySet()) {
      int difference = gained.getOrDefault(kind.getKey(), 0) - kind.getValue();
      more += Math.max(0, difference);
      less |= difference < 0 && kind.getValue() > 0;
    }
    return less || more > FOR_GOOD
        ? "the kernel has gained " + gained + ", the label says " + expected
        : null;
  }

  /**
   * What the kernel lists as open now, by kind, less the archives of the class path and the JDK's
   * files, which the virtual machine opens one by one as it needs them. The only sockets that no
   * table of the kernel lists are those of TCP that are not bound, or were reset.
   */
  static SortedMap<String, Integer> open() {
    String classPath = System.getProperty("java.class.path");
    String home = System.getProperty("java.home");
    SortedMap<String, Integer> open = new TreeMap<>();
    SortedMap<Integer, String> targets = OpenNumbers.now();
    targets.values().removeIf(path -> classPath.contains(path) || path.startsWith(home));
    for (String kind : OpenNumbers.kinds(targets).values()) {
      open.merge(kind.equals("socket") ? "socket.tcp" : kind, 1, Integer::sum);
    }
    return open;
  }
}
