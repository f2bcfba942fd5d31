package io.descry.ledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;

/**
 * Where the application's copies of {@code io.descry.api} leave what they expect: a book for each
 * class loader that brings one. They look for this class by its name, so that only types of the JDK
 * cross. Holds the books weakly, so that no class loader is pinned. Safe for several threads.
 */
public final class ExpectedBooks {
  private static final Set<Supplier<?>> BOOKS =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private ExpectedBooks() {}

  /** Adds a book; once is enough. */
  public static void offer(Supplier<?> book) {
    BOOKS.add(book);
  }

  /** The books that are still there. They are the application's: what they do is not known. */
  public static List<Supplier<?>> books() {
    synchronized (BOOKS) {
      return new ArrayList<>(BOOKS);
    }
  }
}
