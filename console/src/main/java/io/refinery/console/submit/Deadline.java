package io.refinery.console.submit;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The deadline of a job as people give it: a time from now, or a point in time. */
public final class Deadline implements ITypeConverter<Instant> {

  @Override
  public Instant convert(String text) {
    Instant deadline;
    try {
      deadline =
          text.startsWith("P") ? Instant.now().plus(Duration.parse(text)) : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is neither a duration such as PT2H nor a point in time such as"
              + " 2030-01-31T18:00:00Z");
    } catch (DateTimeException | ArithmeticException e) {
      throw new TypeConversionException("'" + text + "' is too far away");
    }
    if (deadline.isBefore(Instant.now())) {
      throw new TypeConversionException("'" + text + "' has passed");
    }
    return deadline;
  }
}
