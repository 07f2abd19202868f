package io.refinery.console.submit;

import io.refinery.console.cli.JobProgress;
import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.connection.Connections;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.message.OutputFormat;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code refinery submit}. */
@Command(
    name = "submit",
    mixinStandardHelpOptions = true,
    header = "Submit a job that refines a bundle of images.",
    description = {
      "Uploads BUNDLE if it is a local file, sends a job, and prints the job's id. With --wait,"
          + " waits for the result and prints it.",
      "",
      "  refinery submit eyes.h5 --wait --output refined.h5",
      "  refinery submit s3://refinery/bundles/eyes.h5 --model eyes@7",
      ""
    })
public final class SubmitCommand implements Callable<Integer> {

  @Parameters(paramLabel = "BUNDLE", description = "Local file (HDF5 or ZIP), or s3://bucket/key.")
  private String bundle;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      defaultValue = "eyes@stable",
      description =
          "Version, such as eyes@7, or channel, such as eyes@stable; default ${DEFAULT-VALUE}.")
  private String model;

  @Option(
      names = {"-w", "--wait"},
      description = "Wait for the result.")
  private boolean wait;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Wait, and download the refined bundle to this file.")
  private Optional<Path> output = Optional.empty();

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description =
          "Format of the refined bundle: ${COMPLETION-CANDIDATES}; default that of the input.")
  private Optional<OutputFormat> format = Optional.empty();

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The job's id. A second job with the same id gets the result of the first.")
  private Optional<String> id = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "PT1H",
      converter = DurationConverter.class,
      description = "How long to wait, such as PT90S or PT1H; default ${DEFAULT-VALUE}.")
  private Duration timeout;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  /** Says what a duration looks like, which picocli's own converter does not. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException e) {
        throw new TypeConversionException("'" + text + "' is not a duration such as PT90S or PT1H");
      }
    }
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Connections connections = Connections.open(options.settings())) {
      JobClient client = new JobClient(connections);
      String jobId = id.orElseGet(() -> UUID.randomUUID().toString());
      Job job = job(client, jobId);
      if (!wait && output.isEmpty()) {
        client.send(job);
        out.println(jobId);
        return ExitCode.OK;
      }
      Optional<JobResult> result;
      try (JobProgress progress = new JobProgress("Refining")) {
        result = client.submit(job, timeout, progress);
        result.ifPresent(progress::finish);
      }
      return result.map(value -> finish(value, connections, out)).orElseGet(() -> late(jobId));
    }
  }

  private Job job(JobClient client, String jobId) {
    try {
      ModelReference reference = ModelReference.parse(model);
      requireId(jobId);
      return new Job(jobId, input(client), reference, format);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  /** Checks the id before anything is uploaded. */
  private static void requireId(String jobId) {
    if (!Job.isId(jobId)) {
      throw new IllegalArgumentException(
          "'" + jobId + "' is not a job id: use 1 to 128 of A-Z a-z 0-9 . _ -");
    }
  }

  private ObjectRef input(JobClient client) {
    if (bundle.startsWith("s3://")) {
      return ObjectRef.parse(bundle);
    }
    Path file = Path.of(bundle);
    if (!Files.isRegularFile(file)) {
      throw new ConfigurationException(
          "There is no file " + file.toAbsolutePath() + ": give a bundle, or s3://bucket/key.");
    }
    return client.upload(file);
  }

  private int finish(JobResult result, Connections connections, PrintWriter out) {
    if (result instanceof JobResult.Failed failed) {
      spec.commandLine().getErr().println("refinery: " + failed.code() + ": " + failed.message());
      return ExitCode.SOFTWARE;
    }
    JobResult.Succeeded succeeded = (JobResult.Succeeded) result;
    output.ifPresent(
        file -> connections.storage().download(succeeded.output(), file, Long.MAX_VALUE));
    out.printf(
        "job     %s%nimages  %,d%nmodel   %s on %s, %s%nseconds %.1f%nbundle  %s%n",
        succeeded.jobId(),
        succeeded.images(),
        succeeded.model(),
        succeeded.device(),
        succeeded.engine(),
        Duration.between(succeeded.started(), succeeded.finished()).toMillis() / 1000.0,
        succeeded.output());
    output.ifPresent(file -> out.println("file    " + file));
    succeeded.leftOut().forEach(left -> out.println("left out " + left.what() + ": " + left.why()));
    succeeded.remarks().forEach(remark -> out.println("note    " + remark));
    out.flush();
    return ExitCode.OK;
  }

  private int late(String jobId) {
    spec.commandLine()
        .getErr()
        .println(
            "refinery: job "
                + jobId
                + " has no result after "
                + timeout
                + ". It is still queued or running: `refinery status "
                + jobId
                + "` shows its result. Check that a worker is running.");
    return ExitCode.SOFTWARE;
  }
}
