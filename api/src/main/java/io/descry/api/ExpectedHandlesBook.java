package io.descry.api;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * All registrations that this copy of the API knows, and the way to the agent. Every class loader
 * that brings the API has a book of its own, under whatever package name.
 *
 * <p>The book holds its entries weakly. What keeps an entry is the top-level class that its
 * function was written in (by a ClassValue, which the class itself holds): so an entry lives as
 * long as that class may, and never keeps its class loader alive.
 *
 * <p>An agent that runs has a class in the boot loader to which the book is offered once, which
 * holds it weakly. An agent that comes later looks for loaded classes of this simple name and calls
 * {@link #connect()}. The name of this class and of that method are therefore part of the contract.
 * Only types of java.base cross.
 */
final class ExpectedHandlesBook implements Supplier<List<Map<String, Object>>> {
  /** Put together at run time, for tools that move packages rewrite constants that look like it. */
  private static final String AGENT = String.join(".", "io", "descry", "ledger", "ExpectedBooks");

  private static final ExpectedHandlesBook BOOK = new ExpectedHandlesBook();
  private static final ClassValue<Kept> KEPT =
      new ClassValue<>() {
        @Override
        protected Kept computeValue(Class<?> type) {
          return new Kept();
        }
      };

  static {
    connect();
  }

  private final Set<Entry> entries =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private ExpectedHandlesBook() {}

  /** Offers the book to the agent, if there is one. Called by the agent, too; any thread. */
  static void connect() {
    try {
      Class.forName(AGENT, true, null).getMethod("offer", Supplier.class).invoke(null, BOOK);
    } catch (ClassNotFoundException e) {
      // The usual case: no agent, or not yet.
      return;
    } catch (Throwable t) {
      // Another version of the agent, a security manager, no memory: as if there were no agent.
      return;
    }
  }

  static ExpectedHandlesBook book() {
    return BOOK;
  }

  static <T> Registration enter(
      Map<String, Object> row, T subject, ToIntFunction<? super T> count) {
    // A lambda's own class is hidden and may be unloaded; its nest host is the class around it.
    Kept kept = KEPT.get(count.getClass().getNestHost());
    for (Reference<?> gone = kept.gone.poll(); gone != null; gone = kept.gone.poll()) {
      ((Entry) gone).close();
    }
    @SuppressWarnings("unchecked")
    Entry entry = new Entry(row, subject, (ToIntFunction<Object>) count, kept);
    kept.entries.add(entry);
    BOOK.entries.add(entry);
    return entry;
  }

  /** The rows of all registrations that last, each with its {@code count}, an IntSupplier. */
  @Override
  public List<Map<String, Object>> get() {
    List<Entry> all;
    synchronized (entries) {
      all = new ArrayList<>(entries);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Entry entry : all) {
      if (entry.get() == null) {
        entry.close();
      } else {
        rows.add(entry.row());
      }
    }
    return rows;
  }

  /** The entries whose functions were written in one top-level class. */
  private static final class Kept {
    final Set<Entry> entries = ConcurrentHashMap.newKeySet();

    /** Of its own, for a queue that all share would hold what it has not handed out. */
    final ReferenceQueue<Object> gone = new ReferenceQueue<>();
  }

  private static final class Entry extends WeakReference<Object>
      implements IntSupplier, Registration {
    private final Map<String, Object> description;
    private final Kept kept;
    private volatile ToIntFunction<Object> count;

    Entry(Map<String, Object> description, Object subject, ToIntFunction<Object> count, Kept kept) {
      super(subject, kept.gone);
      this.description = description;
      this.count = count;
      this.kept = kept;
    }

    Map<String, Object> row() {
      Map<String, Object> row = new LinkedHashMap<>(description);
      row.put("count", this);
      return row;
    }

    /** The count; negative when it is not known, or the registration has ended. */
    @Override
    public int getAsInt() {
      Object subject = get();
      ToIntFunction<Object> asked = count;
      return subject == null || asked == null ? -1 : asked.applyAsInt(subject);
    }

    @Override
    public void close() {
      count = null;
      clear();
      kept.entries.remove(this);
      BOOK.entries.remove(this);
    }
  }
}
