package io.descry.agent;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;

/**
 * Descry's own log: a file when the operator names one, nothing otherwise. Logback finds this class
 * as its configurator and looks for no configuration files, which would be the application's.
 */
public final class Log extends ContextAwareBase implements Configurator {
  private static volatile String file;

  /** Names the file, before the first logger is made; {@code null}: log nothing. */
  static void to(String path) {
    file = path;
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(file == null ? Level.OFF : Level.INFO);
    // Or Logback prints its own troubles to standard output, which is the application's.
    context.getStatusManager().add(new NopStatusListener());
    if (file != null) {
      PatternLayoutEncoder encoder = new PatternLayoutEncoder();
      encoder.setContext(context);
      // %replace: text from outside cannot forge a line of the log.
      encoder.setPattern(
          "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %replace(%msg){'[\\p{Cntrl}]', ' '}%n%ex");
      encoder.start();
      FileAppender<ILoggingEvent> appender = new FileAppender<>();
      appender.setContext(context);
      appender.setFile(file);
      appender.setEncoder(encoder);
      appender.start();
      if (!appender.isStarted()) {
        StandardError.print("option log=" + file + " cannot be written; there will be no log");
      }
      root.addAppender(appender);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
