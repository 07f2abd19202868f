package io.refinery.console.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

class ErrorReporterTest {

  @TempDir Path folder;

  /** A command that fails in the way it is told. */
  @Command(name = "failing")
  private static final class Failing implements Callable<Integer> {

    private final Exception failure;

    @Option(names = "--output")
    private Optional<Path> output = Optional.empty();

    Failing(Exception failure) {
      this.failure = failure;
    }

    @Override
    public Integer call() throws Exception {
      assertThat(output).isPresent();
      throw failure;
    }
  }

  private String reported(Exception failure, int code) {
    StringWriter said = new StringWriter();
    CommandLine line =
        new CommandLine(new Failing(failure))
            .setExecutionExceptionHandler(ErrorReporter::handle)
            .setErr(new PrintWriter(said, true))
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    assertThat(line.execute("--output", folder.resolve("new").resolve("refined.h5").toString()))
        .isEqualTo(code);
    return said.toString().strip();
  }

  @Test
  void aFullDiskIsNamedWithTheFoldersOfTheCommand() {
    assertThat(reported(new IOException("No space left on device"), ExitCode.SOFTWARE))
        .startsWith("refinery: A disk is full: make room, or use folders on other disks.")
        .contains(folder + " (", System.getProperty("java.io.tmpdir") + " (", " KiB free)")
        .doesNotContain(folder.resolve("new").toString());
  }

  @Test
  void aHostThatIsNotKnownIsAMatterOfTheSettings() {
    KafkaException failure =
        new KafkaException(
            "Failed to create new KafkaAdminClient",
            new ConfigException("No resolvable bootstrap urls given in bootstrap.servers"));

    assertThat(reported(failure, ExitCode.USAGE))
        .isEqualTo(
            "refinery: The Kafka client does not start: No resolvable bootstrap urls given in"
                + " bootstrap.servers. Check refinery.kafka.bootstrap-servers and"
                + " refinery.kafka.properties.");
  }
}
