package io.descry.os.windows;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Has files asked by a thread of its own, which is given up when it does not come back from a
 * question: another takes its place, and that handle is asked no more until the question has ended.
 * Safe for several threads.
 */
final class Watchdog implements AutoCloseable {
  /** As many questions may be waiting for the application at a time; then no file is asked. */
  static final int MOST_STUCK = 16;

  private static final long STACK = 256 << 10;

  private final Supplier<FileQueries> queries;
  private final Consumer<Throwable> faults;
  private final long patience;
  private final long budget;
  private final Map<Integer, Worker> stuck = new HashMap<>();
  private Worker worker;
  private boolean closed;

  /**
   * Starts nothing yet.
   *
   * @param queries makes what a new thread asks by
   * @param faults is told what ended a thread that should not have ended; called by that thread
   * @param patience how long to wait for one answer
   * @param budget how long to wait in all for what does not answer, in each call of {@link #ask}
   */
  Watchdog(
      Supplier<FileQueries> queries,
      Consumer<Throwable> faults,
      Duration patience,
      Duration budget) {
    this.queries = queries;
    this.faults = faults;
    this.patience = patience.toNanos();
    this.budget = budget.toNanos();
  }

  /**
   * Asks about each of these handles, in order.
   *
   * @return the answers, {@code null} for what did not answer or could not be asked
   */
  synchronized FileAnswer[] ask(int[] handles) {
    FileAnswer[] answers = new FileAnswer[handles.length];
    long left = budget;
    int next = 0;
    while (next < handles.length && left > 0 && stuck.size() < MOST_STUCK && !closed) {
      if (worker == null) {
        worker = new Worker();
        worker.start();
      }
      worker.give(handles, next, answers);
      boolean ended = await();
      if (worker.next == handles.length) {
        break;
      }
      // It does not come back, and is on its own from here.
      int stopped = worker.next;
      if (!worker.ended) {
        stuck.put(handles[stopped], worker);
      }
      worker.leave();
      worker = null;
      if (ended) {
        break;
      }
      left -= patience;
      next = stopped + 1;
    }
    return answers;
  }

  /**
   * Waits until the worker is at the end, or has made no way for a while.
   *
   * @return whether somebody wants this thread to end
   */
  private boolean await() {
    int seen = worker.next;
    long since = System.nanoTime();
    while (worker.next < worker.handles.length && !worker.ended) {
      long remaining = patience - (System.nanoTime() - since);
      try {
        if (remaining > 0) {
          TimeUnit.NANOSECONDS.timedWait(this, remaining);
        } else if (worker.next != seen) {
          seen = worker.next;
          since = System.nanoTime();
        } else {
          return false;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return true;
      }
    }
    return false;
  }

  /** How many handles do not answer now. */
  synchronized int stuck() {
    return stuck.size();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (worker != null) {
      worker.leave();
      worker = null;
    }
  }

  /** One thread; its fields are guarded by the watchdog. */
  private final class Worker {
    private int[] handles = {};
    private FileAnswer[] answers = {};
    private int next;
    private boolean left;
    private boolean ended;

    void start() {
      Thread thread = new Thread(null, this::run, "descry-handles", STACK, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      thread.start();
    }

    void give(int[] handles, int next, FileAnswer[] answers) {
      this.handles = handles;
      this.answers = answers;
      this.next = next;
      Watchdog.this.notifyAll();
    }

    void leave() {
      left = true;
      Watchdog.this.notifyAll();
    }

    private void run() {
      try (FileQueries own = queries.get()) {
        for (int handle = take(null); handle != 0; ) {
          handle = take(own.ask(handle));
        }
      } catch (RuntimeException | Error e) {
        faults.accept(e);
      } finally {
        synchronized (Watchdog.this) {
          ended = true;
          stuck.values().remove(this);
          Watchdog.this.notifyAll();
        }
      }
    }

    /** Hands in an answer, {@code null} for none yet; the next handle, 0 when it is time to end. */
    private int take(FileAnswer answer) {
      synchronized (Watchdog.this) {
        if (answer != null && !left) {
          answers[next++] = answer;
        }
        while (!left) {
          while (next < handles.length && stuck.containsKey(handles[next])) {
            next++;
          }
          if (next < handles.length) {
            return handles[next];
          }
          Watchdog.this.notifyAll();
          try {
            Watchdog.this.wait();
          } catch (InterruptedException e) {
            left = true; // By nobody that Descry knows of: the next call starts another thread.
          }
        }
        return 0;
      }
    }
  }
}
