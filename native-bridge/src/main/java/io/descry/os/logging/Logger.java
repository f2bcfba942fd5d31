package io.descry.os.logging;

/**
 * Stands in for {@code java.util.logging.Logger} in JNA and other libraries of the agent jar; the
 * packaging redirects them. The first real logger of a JVM creates its log manager, and an
 * application that wants another one must be able to say so in its {@code main}, after the agent
 * has started. What JNA logs are failures that it also throws, so nothing is lost by dropping them.
 */
public final class Logger {
  private static final Logger SILENT = new Logger();

  private Logger() {}

  /** The one logger, which drops everything. */
  public static Logger getLogger(String name) {
    return SILENT;
  }

  /** Drops a message. */
  public void log(Level level, String message) {}

  /** Drops a message. */
  public void log(Level level, String message, Object parameter) {}

  /** Drops a message. */
  public void log(Level level, String message, Object[] parameters) {}

  /** Drops a message. */
  public void log(Level level, String message, Throwable thrown) {}

  /** Nothing is logged. */
  public boolean isLoggable(Level level) {
    return false;
  }
}
