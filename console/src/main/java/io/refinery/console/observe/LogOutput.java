package io.refinery.console.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import io.refinery.console.config.Settings;
import java.util.Iterator;
import org.slf4j.LoggerFactory;

/** Sets the format and the level of this process's log. */
public final class LogOutput {

  private LogOutput() {}

  /** Applies settings; a flag that asks for more lines is kept. */
  public static void apply(Settings.Log settings) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    Logger own = context.getLogger("io.refinery");
    Level level = Level.toLevel(settings.level().name());
    if (!own.isEnabledFor(level)) {
      own.setLevel(level);
    }
    if (settings.format() == Settings.Log.Format.JSON) {
      Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      Iterator<Appender<ILoggingEvent>> appenders = root.iteratorForAppenders();
      while (appenders.hasNext()) {
        if (appenders.next() instanceof OutputStreamAppender<ILoggingEvent> appender
            && !(appender.getEncoder() instanceof JsonEncoder)) {
          appender.setEncoder(json(context));
        }
      }
    }
  }

  /** Returns an encoder of one JSON object per line. */
  static JsonEncoder json(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }
}
