package io.descry.agent;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * When what Descry needs beyond ledger and doors is made, and these too with {@code start=later}: a
 * moment after the application has begun, or when somebody asks before that; not at all in a
 * process that ends first and leaves nothing to say. Small, for it is on the start path.
 *
 * <p>Through {@code Ledger.running()} others in this JVM get at it by interfaces of java.base: a
 * second copy of the agent with commands, tests with the question what they have left open.
 */
final class Life implements Consumer<String>, LongFunction<List<Map<String, Object>>> {
  /** The application's first moments are left to it, and to the compiler. */
  private static final long REST_MILLIS = 100;

  /** A report may take this long at shutdown; DESIGN 6 allows 2 s. */
  private static final long SHUTDOWN_MILLIS = 1_800;

  private final Installation installation;
  private Beginning beginning;
  private boolean awaited;
  private boolean over;
  private Descry descry;

  Life(Installation installation) {
    this.installation = installation;
  }

  /**
   * Has ledger and doors installed now, on this thread; before {@link #begin}.
   *
   * @throws Exception when they cannot be; nothing has been changed then
   */
  void install() throws Exception {
    beginning = installation.make();
  }

  /**
   * Starts Descry's thread, and has the report written at the end.
   *
   * @param atOnce whether nothing of the application's start is left to wait for
   */
  void begin(boolean atOnce) {
    awaited = atOnce;
    installation.threads().make("descry-scan", new Scanning()).start();
    Runtime.getRuntime()
        .addShutdownHook(installation.threads().make("descry-shutdown", new Shutdown()));
  }

  /** Takes a command for the Descry that runs already. */
  @Override
  public void accept(String argument) {
    Descry running = descry();
    if (running != null) {
      running.command(argument);
    }
  }

  /**
   * What was opened at this {@link System#nanoTime()} or later and not closed by its owner; see
   * {@link Leftovers} for the keys.
   *
   * @throws IllegalStateException when it cannot be said, with the reason
   */
  @Override
  public List<Map<String, Object>> apply(long nanos) {
    Descry running = descry();
    if (running == null) {
      throw new IllegalStateException("Descry is off in this JVM");
    }
    try {
      return running.openedSince(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted");
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

  private synchronized Descry afterRest() throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(REST_MILLIS);
    for (long left = REST_MILLIS; left > 0 && !awaited && !over; ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    if (!over) {
      try {
        if (beginning == null) {
          install();
        }
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
      Thread writer = installation.threads().make("descry-last-report", new LastReport());
      writer.start();
      OwnThreads.await(writer, SHUTDOWN_MILLIS);
      if (writer.isAlive()) {
        StandardError.print(
            "the report at the end may be missing or cut off: it was not done within the 2 s that an"
                + " end may take, as on a busy machine or a slow disk");
      }
    }
  }

  private final class LastReport implements Runnable {
    @Override
    public void run() {
      Descry running = endedEarly() ? null : descry();
      if (running != null) {
        running.write(installation.options().report(), "shutdown");
      }
    }
  }

  /** Whether all that is due at the end was done without Descry having begun. */
  private synchronized boolean endedEarly() {
    if (descry == null && !awaited && !over) {
      try {
        // Of what nothing was seen there is no report.
        over = beginning == null || EarlyReport.write(beginning);
      } catch (RuntimeException | LinkageError e) {
        // What the whole of Descry may still manage, or say.
        return false;
      }
      notifyAll();
    }
    return over;
  }
}
