package io.descry.metrics;

/** The scrape endpoint could not be opened. The message is one line for an operator. */
public final class ScrapeException extends Exception {
  private static final long serialVersionUID = 1;

  ScrapeException(String message, Throwable cause) {
    super(message, cause);
  }
}
