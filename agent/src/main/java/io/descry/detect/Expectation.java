package io.descry.detect;

import io.descry.os.Kind;
import io.descry.reconcile.Frames;
import io.descry.reconcile.Group;
import io.descry.reconcile.GroupKey;
import io.descry.reconcile.Owner;
import io.descry.reconcile.Reconciliation;
import java.util.List;
import java.util.Set;

/**
 * How many descriptors the application believes it holds. All of a description must hold of a
 * descriptor that it takes in.
 *
 * @param name what the application calls them; its own text
 * @param kinds which kinds are meant; empty for all
 * @param library which native library's are meant; {@code null} for any owner's
 * @param opener qualified name of a class or package, one of whose classes is in the Java stack of
 *     those that are meant, without a static initialiser of another class or class loading in
 *     between; {@code null} for any
 * @param count how many; {@link #UNKNOWN} when the application did not say this time
 */
public record Expectation(String name, Set<Kind> kinds, String library, String opener, int count) {
  /** The count when it is not known. */
  public static final int UNKNOWN = -1;

  public Expectation {
    kinds = Set.copyOf(kinds);
  }

  /** The same with another count. */
  public Expectation with(int other) {
    return new Expectation(name, kinds, library, opener, other);
  }

  /** How many descriptors that are meant are open. */
  public int open(Reconciliation facts) {
    return facts.groups().stream()
        .filter(group -> takesIn(group.key()))
        .map(Group::descriptors)
        .mapToInt(List::size)
        .sum();
  }

  /** Whether it says who opened them: others may not add to these. */
  boolean isNarrow() {
    return library != null || opener != null;
  }

  /**
   * Whether the descriptors of the group are meant. What was open before Descry was has neither
   * library nor stack, and may be what a description means that names neither.
   */
  boolean takesIn(GroupKey key) {
    boolean owned =
        switch (key.owner()) {
          case JAVA, LIBRARY, FOREIGN -> true;
          case INHERITED -> !isNarrow();
          case JVM, AGENT -> false;
        };
    return owned
        && (kinds.isEmpty() || kinds.contains(key.kind()))
        && (library == null || isOfLibrary(key))
        && (opener == null || isOpenedByOpener(key.site().java()));
  }

  /**
   * Whether it is the doing of a class of the opener, and not of what it happened to be the first
   * to use: class loading opens jars, and static initialisers what they need for good.
   */
  private boolean isOpenedByOpener(List<String> innermostFirst) {
    for (String frame : innermostFirst) {
      if (isOfOpener(frame)) {
        return true;
      }
      if (frame.contains(".<clinit>(") || frame.contains("java.lang.ClassLoader.loadClass(")) {
        return false;
      }
    }
    return false;
  }

  private boolean isOfLibrary(GroupKey key) {
    return key.owner() == Owner.LIBRARY && library.equals(key.library().name());
  }

  private boolean isOfOpener(String frame) {
    if (!frame.contains(opener)) {
      return false;
    }
    String bare = Frames.bare(frame);
    int end = opener.length();
    return bare.startsWith(opener)
        && bare.length() > end
        && (opener.endsWith(".") || bare.charAt(end) == '.' || bare.charAt(end) == '$');
  }
}
