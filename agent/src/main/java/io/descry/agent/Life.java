package io.descry.agent;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * When what Descry needs beyond ledger and doors is made: a moment after the application has begun,
 * or when somebody asks before that; not at all in a process that ends first and leaves nothing to
 * say. Small, for it is on the start path.
 */
final class Life implements Consumer<String> {
  /** The application's first moments are left to it, and to the compiler. */
  private static final long REST_MILLIS = 100;

  /** A report may take this long at shutdown; DESIGN 6 allows 2 s. */
  private static final long SHUTDOWN_MILLIS = 1_800;

  private final Beginning beginning;
  private boolean awaited;
  private boolean over;
  private Descry descry;

  Life(Beginning beginning) {
    this.beginning = beginning;
  }

  /**
   * Starts Descry's thread, and has the report written at the end.
   *
   * @param atOnce whether nothing of the application's start is left to wait for
   */
  void begin(boolean atOnce) {
    awaited = atOnce;
    beginning.threads().make("descry-scan", new Scanning()).start();
    Runtime.getRuntime()
        .addShutdownHook(beginning.threads().make("descry-shutdown", new Shutdown()));
  }

  /** Takes a command for the Descry that runs already. */
  @Override
  public void accept(String argument) {
    Descry running = descry();
    if (running != null) {
      running.command(argument);
    }
  }

  /** Descry, which begins now if it has not; {@code null} when it never will. */
  private synchronized Descry descry() {
    awaited = true;
    notifyAll();
    while (descry == null && !over) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
    return descry;
  }

  private synchronized Descry afterRest() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(REST_MILLIS);
    for (long left = REST_MILLIS; left > 0 && !awaited && !over; ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    if (!over) {
      try {
        descry = new Descry(beginning);
      } finally {
        over = descry == null;
        notifyAll();
      }
    }
    return descry;
  }

  private final class Scanning implements Runnable {
    @Override
    public void run() {
      try {
        Descry begun = afterRest();
        if (begun != null) {
          begun.run();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Throwable t) {
        StandardError.print("off, the application is not affected: " + t);
      }
    }
  }

  private final class Shutdown implements Runnable {
    @Override
    public void run() {
      Thread writer = beginning.threads().make("descry-last-report", new LastReport());
      writer.start();
      OwnThreads.await(writer, SHUTDOWN_MILLIS);
    }
  }

  private final class LastReport implements Runnable {
    @Override
    public void run() {
      Descry running = endedEarly() ? null : descry();
      if (running != null) {
        running.write(beginning.options().report(), "shutdown");
      }
    }
  }

  /** Whether all that is due at the end was done without Descry having begun. */
  private synchronized boolean endedEarly() {
    if (descry == null && !awaited && !over) {
      try {
        over = EarlyReport.write(beginning);
      } catch (RuntimeException | LinkageError e) {
        // What the whole of Descry may still manage, or say.
        return false;
      }
      notifyAll();
    }
    return over;
  }
}
