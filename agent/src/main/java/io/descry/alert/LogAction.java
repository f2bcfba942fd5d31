package io.descry.alert;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line in Descry's log and the same on standard error; at most {@value #PER_HOUR} within an hour.
 */
public final class LogAction implements AlertAction {
  static final int PER_HOUR = 60;
  private static final Logger LOG = LoggerFactory.getLogger(LogAction.class);

  private final Consumer<String> print;
  private final HourlyLimit limit = new HourlyLimit(PER_HOUR);
  private boolean silent;

  /** Lines in the log, and to where {@code print} puts them. */
  public LogAction(Consumer<String> print) {
    this.print = print;
  }

  @Override
  public void alert(Alert alert) {
    String line =
        "alert "
            + alert.name()
            + " "
            + alert.state()
            + ": "
            + alert.text()
            + (alert.report() == null ? "" : "; report " + alert.report());
    if (limit.take()) {
      silent = false;
      say(line);
    } else if (!silent) {
      silent = true;
      say("more than " + PER_HOUR + " alerts within an hour; some are not said here");
    }
  }

  private void say(String line) {
    LOG.warn("{}", line);
    print.accept(line);
  }
}
