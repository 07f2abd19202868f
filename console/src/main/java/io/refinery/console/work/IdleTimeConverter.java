package io.refinery.console.work;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how long a worker may be without a job. */
final class IdleTimeConverter implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String text) {
    try {
      Duration time = Duration.parse(text);
      if (!time.isNegative()) {
        return time;
      }
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(refusal(text));
    }
    throw new TypeConversionException(refusal(text));
  }

  private static String refusal(String text) {
    return "'" + text + "' is not a duration of zero or more such as PT30S or PT5M";
  }
}
