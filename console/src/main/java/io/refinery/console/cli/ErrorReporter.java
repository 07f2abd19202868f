package io.refinery.console.cli;

import io.refinery.console.config.ConfigurationException;
import io.refinery.engine.DeviceFailedException;
import io.refinery.storage.StorageException;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParseResult;

/** Turns a command's exception into one sentence for people and an exit code for scripts. */
public final class ErrorReporter {

  /** The broker or the object store cannot be reached. */
  public static final int UNREACHED = 3;

  /** A device failed and is lost to this process; another process may still use it. */
  public static final int DEVICE_LOST = 4;

  private static final Logger LOG = LoggerFactory.getLogger(ErrorReporter.class);

  private ErrorReporter() {}

  /** For {@link CommandLine#setExecutionExceptionHandler}. */
  @SuppressWarnings("unused") // the parse result belongs to picocli's interface
  public static int handle(Exception failure, CommandLine command, ParseResult parsed) {
    LOG.debug("The command failed", failure);
    command.getErr().println(command.getColorScheme().errorText("refinery: " + sentence(failure)));
    return exitCode(failure);
  }

  private static String sentence(Exception failure) {
    if (failure instanceof TimeoutException) {
      return "The broker does not answer. Check that it is running and that"
          + " refinery.kafka.bootstrap-servers is correct. ("
          + failure.getMessage()
          + ")";
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private static int exitCode(Exception failure) {
    if (failure instanceof ConfigurationException) {
      return ExitCode.USAGE;
    }
    if (isCausedBy(failure, DeviceFailedException.class::isInstance)) {
      return DEVICE_LOST;
    }
    return isCausedBy(failure, ErrorReporter::meansUnreached) ? UNREACHED : ExitCode.SOFTWARE;
  }

  private static boolean isCausedBy(Exception failure, Predicate<Throwable> cause) {
    return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(cause);
  }

  private static boolean meansUnreached(Throwable failure) {
    return failure instanceof TimeoutException
        || (failure instanceof StorageException storage
            && storage.kind() == StorageException.Kind.UNAVAILABLE);
  }
}
