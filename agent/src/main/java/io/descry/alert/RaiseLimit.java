package io.descry.alert;

import io.descry.os.Limits;
import java.io.IOException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Raises the soft limit of open descriptors to the hard one. Safe for several threads. */
public final class RaiseLimit {
  /** By what it is called in options and reports. */
  public static final String NAME = "raise";

  private static final Logger LOG = LoggerFactory.getLogger(RaiseLimit.class);

  /** The system's way to raise it. */
  @FunctionalInterface
  public interface Raising {
    /**
     * Raises it.
     *
     * @return the limits as they were before
     * @throws IOException with the reason, when it cannot be raised
     */
    Limits raise() throws IOException;
  }

  private final Raising raising;
  private final Supplier<Limits> limits;
  private final BiConsumer<String, String> taken;
  private boolean noted;

  /**
   * Changes nothing yet.
   *
   * @param limits the limits in force
   * @param taken is told what was done: {@value #NAME} when the limit was raised, {@code null} when
   *     it could not be, and a sentence about it, for reports
   */
  public RaiseLimit(Raising raising, Supplier<Limits> limits, BiConsumer<String, String> taken) {
    this.raising = raising;
    this.limits = limits;
    this.taken = taken;
  }

  /**
   * Raises the limit; that nothing is left to raise is noted once.
   *
   * @param why what an operator is told of the reason
   */
  public synchronized void run(String why) {
    Limits before;
    try {
      before = raising.raise();
    } catch (IOException e) {
      note("the soft limit could not be raised: " + e.getMessage());
      return;
    }
    if (before.soft() < before.hard()) {
      String text =
          "the soft limit of open descriptors was raised from "
              + before.soft()
              + " to "
              + words(limits.get().soft())
              + ", the hard limit: "
              + why;
      LOG.warn("{}", text);
      taken.accept(NAME, text);
    } else {
      note(
          "the soft limit of open descriptors is the hard limit of "
              + words(before.hard())
              + " already, nothing was left to raise (the JVM does that itself at its start, unless"
              + " told -XX:-MaxFDLimit)");
    }
  }

  private void note(String text) {
    if (!noted) {
      noted = true;
      LOG.warn("{}", text);
      taken.accept(null, text);
    }
  }

  private static String words(long limit) {
    return limit == Long.MAX_VALUE ? "unlimited" : Long.toString(limit);
  }
}
