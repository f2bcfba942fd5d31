package io.descry.agent;

import io.descry.detect.Expectation;
import io.descry.ledger.ExpectedBooks;
import io.descry.os.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Asks the application how many descriptors it believes it holds, through the books that copies of
 * {@code io.descry.api} have left in {@link ExpectedBooks}.
 *
 * <p>What is asked is the application's code: it may throw, wait, or never come back. So a thread
 * asks of which nobody waits for longer than a scan can spare, a new one each time, as what the
 * application leaves in its thread locals must go with it. What has not answered for long is never
 * asked again, and its thread is given up; when that has happened {@value #MOST_STUCK} times,
 * nobody is asked any more. One scan at a time.
 */
final class ApplicationBooks {
  /** Descriptions told apart; each is compared with every group at every scan. */
  static final int MOST = 100;

  /** Scans in a row that had no answer in time, which a pause of the JVM does not explain. */
  static final int LATE = 3;

  /** Registrations asked in one scan. */
  private static final int MOST_ROWS = 10_000;

  private static final int MOST_STUCK = 4;
  private static final int LONGEST = 200;
  private static final int TOLD_AT_MOST = 20;
  private static final String WHAT = "how many descriptors the application expects of ";

  /** One round of questions: what is being asked now, by whom it is named, and since when. */
  private static final class Round {
    volatile Object asked;
    volatile String name = "a book of io.descry.api";
    volatile long since = System.nanoTime();
    FutureTask<List<Expectation>> answers;
  }

  private final ThreadFactory threads;
  private final BiConsumer<String, String> blind;
  private final long patienceNanos;
  private final long limitNanos;
  private final Set<String> told = new HashSet<>();
  private final Set<Object> dropped =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
  private List<Expectation> last = List.of();
  private Round round;
  private int stuck;
  private int late;

  /**
   * Of this JVM.
   *
   * @param threads makes the threads that ask
   * @param blind is told once of each count that cannot be had: what, and why; by any thread
   */
  ApplicationBooks(ThreadFactory threads, BiConsumer<String, String> blind) {
    this(threads, blind, TimeUnit.MILLISECONDS.toNanos(200), TimeUnit.SECONDS.toNanos(10));
  }

  ApplicationBooks(
      ThreadFactory threads,
      BiConsumer<String, String> blind,
      long patienceNanos,
      long limitNanos) {
    this.threads = threads;
    this.blind = blind;
    this.patienceNanos = patienceNanos;
    this.limitNanos = limitNanos;
  }

  /**
   * Asks; takes 0.2 s at most.
   *
   * @return one for each description, at most {@value #MOST}; those of before with unknown counts
   *     when the answers are not there in time
   */
  List<Expectation> ask() {
    if (ExpectedBooks.books().isEmpty() || stuck >= MOST_STUCK) {
      return List.of();
    }
    if (round == null || round.answers.isDone()) {
      round = begin();
    }
    try {
      last = round.answers.get(patienceNanos, TimeUnit.NANOSECONDS);
      round = null;
      late = 0;
      return last;
    } catch (TimeoutException e) {
      if (System.nanoTime() - round.since > limitNanos) {
        drop();
      } else if (++late >= LATE) {
        tell(round.name, "it takes long to answer");
      }
    } catch (ExecutionException e) {
      // Out of memory, or a book that is not one: the next scan may find things better.
      tell(round.name, named(e.getCause()));
      round = null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    last = last.stream().map(one -> one.with(Expectation.UNKNOWN)).toList();
    return last;
  }

  private Round begin() {
    Round begun = new Round();
    begun.answers = new FutureTask<>(() -> answers(begun));
    threads.newThread(begun.answers).start();
    return begun;
  }

  private void drop() {
    Object asked = round.asked;
    if (asked != null) {
      dropped.add(asked);
    }
    tell(round.name, "it does not answer, and is not asked any more");
    if (++stuck == MOST_STUCK) {
      tell("anything", "too many counts never came back, none is asked for any more");
    }
    round.answers.cancel(true);
    round = null;
  }

  private List<Expectation> answers(Round now) {
    Map<Expectation, Long> sums = new LinkedHashMap<>();
    int rows = 0;
    for (Supplier<?> book : ExpectedBooks.books()) {
      if (ask(now, book, "a book of io.descry.api") && book.get() instanceof List<?> list) {
        for (Object row : list) {
          if (row instanceof Map<?, ?> map && rows++ < MOST_ROWS) {
            answer(now, map, sums);
          }
        }
      }
    }
    List<Expectation> all = new ArrayList<>();
    sums.forEach((what, sum) -> all.add(what.with((int) Math.min(sum, Integer.MAX_VALUE))));
    // Books and registrations come in any order; of two that explain one thing it is to be the
    // same.
    all.sort(Comparator.comparing(Expectation::name));
    return all;
  }

  private void answer(Round now, Map<?, ?> row, Map<Expectation, Long> sums) {
    String name = text(row.get("name"));
    Set<Kind> kinds = kinds(row.get("kinds"));
    if (name == null || kinds == null || !(row.get("count") instanceof IntSupplier count)) {
      tell(String.valueOf(name), "this version of Descry does not understand its description");
      return;
    }
    Expectation what =
        new Expectation(name, kinds, text(row.get("library")), text(row.get("opener")), 0);
    if (!sums.containsKey(what) && sums.size() >= MOST) {
      tell("more than " + MOST + " descriptions", "they are too many");
      return;
    }
    long one = ask(now, count, name) ? count(name, count) : Expectation.UNKNOWN;
    sums.merge(what, one, (a, b) -> a < 0 || b < 0 ? Expectation.UNKNOWN : a + b);
  }

  private long count(String name, IntSupplier count) {
    try {
      return Math.max(Expectation.UNKNOWN, count.getAsInt());
    } catch (Throwable t) {
      // Whatever the application throws concerns its count, and nothing else of ours or its.
      tell(name, "its count throws " + named(t));
      return Expectation.UNKNOWN;
    }
  }

  private boolean ask(Round now, Object asked, String name) {
    now.asked = asked;
    now.name = name;
    now.since = System.nanoTime();
    return !now.answers.isCancelled() && !dropped.contains(asked);
  }

  private void tell(String name, String why) {
    synchronized (told) {
      if (told.size() >= TOLD_AT_MOST || !told.add(name + why)) {
        return;
      }
    }
    blind.accept(WHAT + name, why);
  }

  /** By its class alone: the rest of it is code and text of the application. */
  private static String named(Throwable t) {
    return t.getClass().getName();
  }

  private static String text(Object value) {
    return value instanceof String text
        ? text.substring(0, Math.min(LONGEST, text.length()))
        : null;
  }

  /** {@code null} when there is one that this version does not know. */
  private static Set<Kind> kinds(Object labels) {
    Set<Kind> kinds = new HashSet<>();
    if (labels instanceof List<?> list) {
      for (Object label : list) {
        Kind kind = kind(label);
        if (kind == null) {
          return null;
        }
        kinds.add(kind);
      }
    }
    return kinds;
  }

  private static Kind kind(Object label) {
    for (Kind kind : Kind.values()) {
      if (kind.label().equals(label)) {
        return kind;
      }
    }
    return null;
  }
}
