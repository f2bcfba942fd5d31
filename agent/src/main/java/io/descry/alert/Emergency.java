package io.descry.alert;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a report written as soon as a call failed because no descriptor was left, and where failing
 * calls cannot be seen, as soon as none is left. Looks every {@value #MILLIS} ms, or every {@value
 * #CALM_MILLIS} ms while less than half of the limit is in use.
 */
public final class Emergency implements Runnable {
  static final int MILLIS = 200;
  static final int CALM_MILLIS = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(Emergency.class);

  /** At most this part of a processor's time goes into looking, within {@link #LONGEST_NANOS}. */
  private static final long SHARE = 1000;

  /** Whatever a look takes, the next is not later: descriptors may run out meanwhile. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final int RARELY = 5;

  /** How often a report that could not be written is tried, with a look between. */
  static final int TRIES = 3;

  private final LongSupplier failed;
  private final BooleanSupplier none;
  private final DoubleSupplier usage;
  private final Predicate<String> report;
  private final Exhaustion exhaustion = new Exhaustion();
  private final int every;
  private long failedBefore;
  private int looks;
  private String due;
  private int triesLeft;

  /**
   * One that does not look yet.
   *
   * @param failed how many calls failed so far for lack of a descriptor
   * @param seen whether such calls can be seen; whether none is left is asked less often then
   * @param none whether no descriptor is free now
   * @param usage share of the limit in use; NaN when unknown
   * @param report writes a report, by what is added to the base path, and answers whether it could
   */
  public Emergency(
      LongSupplier failed,
      boolean seen,
      BooleanSupplier none,
      DoubleSupplier usage,
      Predicate<String> report) {
    this.failed = failed;
    this.every = seen ? RARELY : 1;
    this.none = none;
    this.usage = usage;
    this.report = report;
  }

  /** Looks until it has written all reports that it may, or is interrupted. */
  @Override
  public void run() {
    long tookBefore = 0;
    while (!exhaustion.isOver() || triesLeft > 0) {
      long begun = System.nanoTime();
      boolean wrote = false;
      long millis = MILLIS;
      try {
        wrote = look(begun);
        millis = millis();
      } catch (Throwable t) {
        complain(t);
      }
      long took = wrote ? 0 : System.nanoTime() - begun;
      try {
        TimeUnit.NANOSECONDS.sleep(pauseNanos(millis, took, tookBefore));
      } catch (InterruptedException e) {
        return;
      }
      tookBefore = took;
    }
  }

  /**
   * How long it sleeps after two looks that took so long, in nanoseconds. One that was long alone
   * says nothing: it was the first, or the processor was taken from it.
   */
  static long pauseNanos(long millis, long took, long tookBefore) {
    long fair = Math.min(LONGEST_NANOS, SHARE * Math.min(took, tookBefore));
    return Math.max(TimeUnit.MILLISECONDS.toNanos(millis), fair);
  }

  /** How long it may sleep now. */
  long millis() {
    return usage.getAsDouble() < Exhaustion.LOW ? CALM_MILLIS : MILLIS;
  }

  /** Whether it wrote a report, or tried to. */
  boolean look(long nanos) {
    long failedNow = failed.getAsLong();
    boolean exhausted = failedNow != failedBefore || looks++ % every == 0 && none.getAsBoolean();
    failedBefore = failedNow;
    int number = exhaustion.due(exhausted, usage, nanos);
    if (number > 0) {
      LOG.warn("no descriptor is left; a report is written");
      due = number == 1 ? "-exhaustion" : "-exhaustion-" + number;
      triesLeft = TRIES;
    }
    if (triesLeft == 0) {
      return false;
    }
    triesLeft--;
    if (report.test(due)) {
      triesLeft = 0;
    }
    return true;
  }

  private static void complain(Throwable t) {
    try {
      LOG.warn("looking for exhaustion failed", t);
    } catch (Throwable unsaid) {
      // Out of memory as likely as a fault of ours; the next look may find things better.
      return;
    }
  }
}
