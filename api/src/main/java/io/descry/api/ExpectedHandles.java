package io.descry.api;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * How many open descriptors an application, or a library in it, believes it holds. Descry compares
 * that with what the operating system says: what is open and in nobody's book is evidence of a
 * leak.
 *
 * <pre>{@code
 * ExpectedHandles.named("db-pool")
 *     .ofKind(HandleKind.SOCKET_TCP)
 *     .openedBy("com.example.db")
 *     .register(this, Pool::connections);
 * }</pre>
 *
 * <p>A description says which descriptors are meant: all of the process, or those of some kinds, of
 * a native library, opened by a class or package; of what is given, all must hold. The narrower,
 * the better: what others open counts against a description that takes it in. Registrations of
 * equal descriptions, name included, are added up, so each of several pools may register itself.
 *
 * <p>Where the agent does not run, registering costs a small object and nothing is ever asked; it
 * may also be attached later. Instances are immutable and safe for several threads.
 */
public final class ExpectedHandles {
  /** Characters that a name may have. */
  public static final int LONGEST_NAME = 100;

  private final String name;
  private final Set<HandleKind> kinds;
  private final String library;
  private final String opener;

  private ExpectedHandles(String name, Set<HandleKind> kinds, String library, String opener) {
    this.name = name;
    this.kinds = kinds;
    this.library = library;
    this.opener = opener;
  }

  /**
   * Begins a description that takes in all open descriptors of the process, but for the JVM's and
   * Descry's own.
   *
   * @param name what reports and metrics call it. One of a few fixed names: each becomes a series,
   *     and Descry tells no more than 100 apart
   * @throws NullPointerException when it is null
   * @throws IllegalArgumentException when it is blank or has more than {@value #LONGEST_NAME}
   *     characters
   */
  public static ExpectedHandles named(String name) {
    text(name, "name");
    if (name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException("name of more than " + LONGEST_NAME + " characters");
    }
    return new ExpectedHandles(name, Set.of(), null, null);
  }

  /**
   * Takes in only descriptors of these kinds, in place of those of an earlier call.
   *
   * @return a new description
   * @throws NullPointerException when one of them is null
   */
  public ExpectedHandles ofKind(HandleKind kind, HandleKind... more) {
    return new ExpectedHandles(name, Set.copyOf(EnumSet.of(kind, more)), library, opener);
  }

  /**
   * Takes in only what this native library opened, which Descry knows where its native tracer runs
   * or the library's Java objects are known to it.
   *
   * @param library what Descry's reports call it, such as {@code sqlite-jdbc}
   * @return a new description
   * @throws NullPointerException when it is null
   * @throws IllegalArgumentException when it is blank
   */
  public ExpectedHandles ofLibrary(String library) {
    return new ExpectedHandles(name, kinds, text(library, "library"), opener);
  }

  /**
   * Takes in only what has this class, or a class of this package or a package in it, anywhere in
   * the Java stack that opened it; not what class loading or a static initialiser of another class
   * opened on such a stack. Descry takes stacks of everything unless that costs too much; what was
   * opened without one is not taken in, so that it counts neither way.
   *
   * @param prefix qualified name of a class or package, such as {@code com.example.db}
   * @return a new description
   * @throws NullPointerException when it is null
   * @throws IllegalArgumentException when it is blank
   */
  public ExpectedHandles openedBy(String prefix) {
    return new ExpectedHandles(name, kinds, library, text(prefix, "prefix"));
  }

  /**
   * Takes in only what has this class, or one nested in it, anywhere in the Java stack that opened
   * it; as {@link #openedBy(String)}.
   *
   * @return a new description
   * @throws NullPointerException when it is null
   */
  public ExpectedHandles openedBy(Class<?> type) {
    return openedBy(type.getName());
  }

  /**
   * Tells Descry, from now on, how many descriptors of this description the subject believes it
   * holds.
   *
   * <p>The subject is held weakly, and the registration ends when it is collected. The function is
   * kept until then, so it must not itself hold the subject: {@code register(this, Pool::size)},
   * never {@code register(this, any -> size())}. Function and subject never keep a class loader
   * alive, also where this class was loaded by a parent of theirs.
   *
   * <p>The function is called at each scan, which is every 30 s by default, by a thread of Descry's
   * that owns no lock; one call at a time. It should read a counter: it must be safe beside the
   * subject's own threads, and must not open descriptors or wait. It counts descriptors, whatever
   * they are to the subject: a connection that has a socket and a pipe end counts two. What it is
   * about to open may be counted or not, what it closes should count until it is closed. A negative
   * number says that the count is not known now. When it throws, the count is unknown for that
   * scan; when all that is asked takes longer than 200 ms, likewise, and a function that takes 10 s
   * is never asked again. The report says so; nothing else in the application notices.
   *
   * @return ends the registration when closed, and may be ignored
   * @throws NullPointerException when one of them is null
   */
  public <T> Registration register(T subject, ToIntFunction<? super T> count) {
    return ExpectedHandlesBook.enter(
        row(), Objects.requireNonNull(subject, "subject"), Objects.requireNonNull(count, "count"));
  }

  /** The name, for logs. */
  @Override
  public String toString() {
    return name;
  }

  /** As it is told to the agent: keys may be added, those that are there keep their meaning. */
  private Map<String, Object> row() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", name);
    row.put("kinds", kinds.stream().map(HandleKind::label).sorted().toList());
    if (library != null) {
      row.put("library", library);
    }
    if (opener != null) {
      row.put("opener", opener);
    }
    return row;
  }

  private static String text(String text, String what) {
    if (Objects.requireNonNull(text, what).isBlank()) {
      throw new IllegalArgumentException(what + " is blank");
    }
    return text;
  }
}
