package io.refinery.console.cli;

import io.refinery.console.config.ConfigurationException;
import io.refinery.engine.DeviceFailedException;
import io.refinery.storage.FullDisk;
import io.refinery.storage.StorageException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.ArgSpec;
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
  public static int handle(Exception failure, CommandLine command, ParseResult parsed) {
    LOG.debug("The command failed", failure);
    boolean isUnexplained = FullDisk.caused(failure) && !FullDisk.isExplained(failure);
    String sentence = isUnexplained ? fullDisk(parsed) : sentence(failure);
    command.getErr().println(command.getColorScheme().errorText("refinery: " + sentence));
    return exitCode(failure);
  }

  /** Java does not say which disk is full, so this names every folder that a command writes to. */
  private static String fullDisk(ParseResult parsed) {
    Stream<Path> named = parsed.matchedArgs().stream().flatMap(ErrorReporter::paths);
    Stream<Path> others =
        Stream.of("user.dir", "user.home", "java.io.tmpdir").map(ErrorReporter::folder);
    return "A disk is full: make room, or use folders on other disks. "
        + Stream.concat(named, others)
            .map(FullDisk::existing)
            .distinct()
            .map(folder -> "%s (%d KiB free)".formatted(folder, FullDisk.usableBytes(folder) >> 10))
            .collect(Collectors.joining(", "))
        + ".";
  }

  private static Stream<Path> paths(ArgSpec argument) {
    Object value = argument.getValue();
    Object given = value instanceof Optional<?> optional ? optional.orElse(null) : value;
    return given instanceof Path path ? Stream.of(path) : Stream.empty();
  }

  private static Path folder(String property) {
    return Path.of(System.getProperty(property));
  }

  private static String sentence(Exception failure) {
    Optional<Throwable> refused = cause(failure, ConfigException.class::isInstance);
    if (refused.isPresent()) {
      return "The Kafka client does not start: "
          + refused.get().getMessage()
          + ". Check refinery.kafka.bootstrap-servers and refinery.kafka.properties.";
    }
    if (failure instanceof TimeoutException) {
      return "The broker does not answer. Check that it is running and that"
          + " refinery.kafka.bootstrap-servers is correct. ("
          + failure.getMessage()
          + ")";
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private static int exitCode(Exception failure) {
    if (failure instanceof ConfigurationException
        || isCausedBy(failure, ConfigException.class::isInstance)) {
      return ExitCode.USAGE;
    }
    if (isCausedBy(failure, DeviceFailedException.class::isInstance)) {
      return DEVICE_LOST;
    }
    return isCausedBy(failure, ErrorReporter::meansUnreached) ? UNREACHED : ExitCode.SOFTWARE;
  }

  private static boolean isCausedBy(Exception failure, Predicate<Throwable> cause) {
    return cause(failure, cause).isPresent();
  }

  private static Optional<Throwable> cause(Exception failure, Predicate<Throwable> cause) {
    return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(cause)
        .findFirst();
  }

  private static boolean meansUnreached(Throwable failure) {
    return failure instanceof TimeoutException
        || (failure instanceof StorageException storage
            && storage.kind() == StorageException.Kind.UNAVAILABLE);
  }
}
