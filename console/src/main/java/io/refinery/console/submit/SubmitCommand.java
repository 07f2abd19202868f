package io.refinery.console.submit;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.Bundles;
import io.refinery.console.cli.DurationConverter;
import io.refinery.console.cli.JobProgress;
import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.connection.Connections;
import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobPriority;
import io.refinery.message.JobResult;
import io.refinery.message.OutputFormat;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
      converter = OutputConverter.class,
      description =
          "Wait, and download the refined bundle to this file, which ends in .h5, .hdf5 or .zip as"
              + " its format is.")
  private Optional<OutputFile> output = Optional.empty();

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description =
          "Format of the refined bundle: ${COMPLETION-CANDIDATES}; default that of the input.")
  private Optional<OutputFormat> format = Optional.empty();

  @Option(
      names = "--images",
      paramLabel = "FOLDER",
      description =
          "Refine only the images in this folder of a ZIP, or those whose names match a glob, such as"
              + " '*_rgb.png'. May be repeated.")
  private List<String> images = List.of();

  @Option(
      names = "--priority",
      paramLabel = "PRIORITY",
      defaultValue = "normal",
      description =
          "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}. Jobs of high priority do not wait"
              + " behind normal ones.")
  private JobPriority priority;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      converter = Deadline.class,
      description =
          "When the job fails if it has no result yet: a time from now, such as PT2H, or a point in"
              + " time, such as 2030-01-31T18:00:00Z; default never.")
  private Optional<Instant> deadline = Optional.empty();

  @Option(
      names = "--id",
      paramLabel = "ID",
      description =
          "The job's id; default a fresh one. An id stands for one job: the same job gets the first"
              + " result again, another one is refused.")
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

  static final class OutputConverter implements ITypeConverter<OutputFile> {
    @Override
    public OutputFile convert(String text) {
      return new OutputFile(Path.of(text));
    }
  }

  @Override
  public Integer call() {
    output.ifPresent(OutputFile::requireWritable);
    try (Connections connections = Connections.open(options.settings())) {
      JobClient client = new JobClient(connections);
      String jobId = id.orElseGet(() -> UUID.randomUUID().toString());
      Job job = job(client, jobId);
      Optional<JobResult> earlier = id.isPresent() ? client.find(jobId) : Optional.empty();
      if (earlier.isPresent()) {
        requireOwn(earlier.get(), job);
        if (earlier.get() instanceof JobResult.Failed failed) {
          return usedUp(failed);
        }
      }
      if (!wait && output.isEmpty()) {
        client.send(job, priority);
        PrintWriter out = spec.commandLine().getOut();
        out.println(jobId);
        out.flush();
        return ExitCode.OK;
      }
      Optional<JobResult> result = await(job, client);
      return result.map(value -> finish(value, job, connections)).orElseGet(() -> late(jobId));
    }
  }

  private Optional<JobResult> await(Job job, JobClient client) {
    try (PendingJob pending = client.start(job, priority);
        InterruptionNote note = new InterruptionNote(job.id(), spec.commandLine().getErr())) {
      note.sent();
      try (JobProgress progress = new JobProgress("Refining")) {
        Optional<JobResult> result = pending.await(timeout, progress);
        result.ifPresent(progress::finish);
        return result;
      }
    }
  }

  /**
   * @throws ConfigurationException if the result is that of another job with the same id
   */
  private static void requireOwn(JobResult result, Job job) {
    if (!result.answers(Optional.of(job))) {
      throw new ConfigurationException(
          "The id '%s' already stands for another job%s. Give another --id, or none."
              .formatted(
                  job.id(),
                  result
                      .job()
                      .map(other -> ", " + other.input() + " with " + other.model())
                      .orElse("")));
    }
  }

  private int usedUp(JobResult.Failed failed) {
    String replay =
        failed.code() == ErrorCode.CANCELLED
            ? ""
            : ", or run `refinery dead replay " + failed.jobId() + "`";
    spec.commandLine()
        .getErr()
        .printf(
            "refinery: job %s already failed at %s: %s: %s An id stands for one job: when the cause"
                + " is mended, submit without --id%s.%n",
            failed.jobId(), failed.finished(), failed.code(), failed.message(), replay);
    return ExitCode.SOFTWARE;
  }

  private Job job(JobClient client, String jobId) {
    try {
      ModelReference reference = ModelReference.parse(model);
      requireId(jobId);
      return new Job(jobId, input(client), reference, format, images, deadline);
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
      ObjectRef ref = ObjectRef.parse(bundle);
      requireFitting(OutputFile.ofName(ref.key()));
      return ref;
    }
    Path file = Path.of(bundle);
    if (!Files.isRegularFile(file)) {
      throw new ConfigurationException(
          "There is no file " + file.toAbsolutePath() + ": give a bundle, or s3://bucket/key.");
    }
    requireFitting(output.flatMap(ignored -> formatOf(file)));
    return client.upload(file);
  }

  /**
   * Checks the output's ending before the work.
   *
   * @param input the input's format, if it is known
   */
  private void requireFitting(Optional<BundleFormat> input) {
    if (output.isEmpty()) {
      return;
    }
    if (format.isPresent()) {
      BundleFormat asked =
          switch (format.get()) {
            case HDF5 -> BundleFormat.HDF5;
            case ZIP -> BundleFormat.ZIP;
          };
      output.get().requireFormat(asked, "--format asks for");
    } else {
      input.ifPresent(own -> output.get().requireFormat(own, "the input has"));
    }
  }

  private static Optional<BundleFormat> formatOf(Path file) {
    try (BundleReader reader = Bundles.open(file, BundleLimits.DEFAULT)) {
      return Optional.of(reader.info().format());
    } catch (BundleException e) {
      return Optional.empty(); // The worker says what is wrong, by its own limits.
    }
  }

  private int finish(JobResult result, Job job, Connections connections) {
    requireOwn(result, job);
    if (result instanceof JobResult.Failed failed) {
      spec.commandLine().getErr().println("refinery: " + failed.code() + ": " + failed.message());
      return ExitCode.SOFTWARE;
    }
    JobResult.Succeeded succeeded = (JobResult.Succeeded) result;
    Optional<OutputFile> unfit = output.filter(file -> !file.fits(succeeded.output().toString()));
    if (unfit.isPresent()) {
      spec.commandLine()
          .getErr()
          .printf(
              "refinery: job %s succeeded, but %s does not end like %s, so it was not written.%n",
              succeeded.jobId(), unfit.get().path(), succeeded.output());
      return ExitCode.SOFTWARE;
    }
    output.ifPresent(
        file -> connections.storage().download(succeeded.output(), file.path(), Long.MAX_VALUE));
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "job     %s%nimages  %,d%nmodel   %s on %s, %s%nseconds %.1f%nbundle  %s%n",
        succeeded.jobId(),
        succeeded.images(),
        succeeded.model(),
        succeeded.device(),
        succeeded.engine(),
        Duration.between(succeeded.started(), succeeded.finished()).toMillis() / 1000.0,
        succeeded.output());
    output.ifPresent(file -> out.println("file    " + file.path()));
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
