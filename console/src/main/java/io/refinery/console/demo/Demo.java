package io.refinery.console.demo;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.Bundles;
import io.refinery.console.cli.JobProgress;
import io.refinery.console.cli.ProgressBars;
import io.refinery.console.cli.TypedCommand;
import io.refinery.console.config.Configuration;
import io.refinery.console.connection.Connections;
import io.refinery.console.local.LocalSystem;
import io.refinery.console.models.ShippedModel;
import io.refinery.console.submit.JobClient;
import io.refinery.embedded.ServerOptions;
import io.refinery.image.ImageBatch;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import io.refinery.simulator.EyeSimulator;
import io.refinery.simulator.Look;
import io.refinery.simulator.SimulatorOptions;
import io.refinery.trainer.report.Preview;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import org.apache.commons.io.file.PathUtils;

/** Runs the whole cycle once: render, submit, refine, train, pick up the new version, compare. */
final class Demo {

  private static final int PICTURE_ROWS = 8;
  private static final int TRAINING_IMAGES = 600;
  private static final long SEED = 20;
  private static final long CAMERA_SEED = 21;
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final PrintWriter out;
  private final Function<Map<String, String>, Configuration> settings;
  private final int images;
  private final Path picture;

  /**
   * @param settings returns the settings, given the properties that connect to the demo's servers
   * @param images in each of the two jobs
   * @param picture PNG file to write
   */
  Demo(
      PrintWriter out,
      Function<Map<String, String>, Configuration> settings,
      int images,
      Path picture) {
    this.out = out;
    this.settings = settings;
    this.images = images;
    this.picture = picture;
  }

  void run() throws IOException, BundleException, InterruptedException {
    Path folder = Files.createTempDirectory("refinery-demo");
    try {
      say("Starting a Kafka broker, an S3 server and a worker");
      try (LocalSystem system =
          LocalSystem.start(
              folder.resolve("servers"),
              ServerOptions.DEFAULT,
              servers -> settingsWithin(folder, servers))) {
        show(system.connections(), folder);
      }
    } finally {
      PathUtils.deleteDirectory(folder);
    }
    nextSteps();
  }

  /** Keeps caches in the demo's folder, unless the user has set another home. */
  private Configuration settingsWithin(Path folder, Map<String, String> servers) {
    Map<String, String> properties = new HashMap<>(servers);
    properties.put("refinery.home", folder.resolve("home").toString());
    return settings.apply(properties);
  }

  private void show(Connections connections, Path folder)
      throws IOException, BundleException, InterruptedException {
    Path synthetic = folder.resolve("synthetic.h5");
    Path camera = folder.resolve("camera.h5");
    say(
        "Rendering %,d labelled eyes, and %,d with the (simulated) camera look",
        images, TRAINING_IMAGES);
    render(synthetic, new SimulatorOptions(images, Look.SYNTHETIC, SEED));
    render(camera, new SimulatorOptions(TRAINING_IMAGES, Look.CAMERA, CAMERA_SEED));

    say(
        "Submitting them as a job for %s@stable, and training a second version meanwhile",
        ShippedModel.NAME);
    JobClient client = new JobClient(connections);
    try (DemoTraining training = DemoTraining.start(connections, synthetic, camera, folder)) {
      JobResult.Succeeded first =
          refine(client, synthetic, "demo-1", ModelReference.DEFAULT_CHANNEL);
      Path firstRefined = fetch(connections, first, folder.resolve("refined-1.h5"));
      ModelVersion trained = training.await();
      say(
          "%s is published and the worker notified. Submitting a second job, for %s@latest",
          trained, trained.name());
      JobResult.Succeeded second = refine(client, synthetic, "demo-2", "latest");
      Path secondRefined = fetch(connections, second, folder.resolve("refined-2.h5"));
      draw(synthetic, firstRefined, secondRefined, first, second);
      figures(first, second);
    }
  }

  private static void render(Path bundle, SimulatorOptions options) throws IOException {
    try (ProgressBar progress = ProgressBars.bar("Rendering", options.count(), " images")) {
      EyeSimulator.write(bundle, BundleFormat.HDF5, options, progress::stepTo);
    }
  }

  private static JobResult.Succeeded refine(
      JobClient client, Path bundle, String id, String channel) {
    Job job =
        new Job(id, client.upload(bundle), ModelReference.parse(ShippedModel.NAME + "@" + channel));
    JobResult result;
    try (JobProgress progress = new JobProgress("Refining")) {
      result =
          client
              .submit(job, PATIENCE, progress)
              .orElseThrow(
                  () ->
                      new IllegalStateException("Job " + id + " has no result after " + PATIENCE));
      progress.finish(result);
    }
    if (result instanceof JobResult.Failed failed) {
      throw new IllegalStateException(
          "Job " + id + " failed: " + failed.code() + ": " + failed.message());
    }
    return (JobResult.Succeeded) result;
  }

  private static Path fetch(Connections connections, JobResult.Succeeded result, Path file) {
    connections.storage().download(result.output(), file, Long.MAX_VALUE);
    return file;
  }

  private void draw(
      Path synthetic,
      Path firstRefined,
      Path secondRefined,
      JobResult.Succeeded first,
      JobResult.Succeeded second)
      throws IOException, BundleException {
    SimulatorOptions asCamera = new SimulatorOptions(PICTURE_ROWS, Look.CAMERA, SEED);
    Preview.write(
        picture,
        List.of(
            new Preview.Column("synthetic", head(synthetic)),
            new Preview.Column("refined, " + first.model(), head(firstRefined)),
            new Preview.Column("refined, " + second.model(), head(secondRefined)),
            new Preview.Column("camera (simulated)", EyeSimulator.render(asCamera))));
  }

  private static ImageBatch head(Path bundle) throws BundleException {
    try (BundleReader reader = Bundles.open(bundle, BundleLimits.DEFAULT)) {
      return reader.read(PICTURE_ROWS).orElseThrow();
    }
  }

  private void figures(JobResult.Succeeded first, JobResult.Succeeded second) {
    out.println();
    out.printf("  job 1, with %s, during the training: %s%n", first.model(), speed(first));
    out.printf("  job 2, with %s, after the training:  %s%n", second.model(), speed(second));
    out.println("  seconds per stage of job 2 (stages overlap):");
    second
        .stageSeconds()
        .forEach((stage, seconds) -> out.printf("    %-10s %6.2f%n", stage, seconds));
    out.printf("%n  Before and after: %s%n", picture.toAbsolutePath());
  }

  private static String speed(JobResult.Succeeded result) {
    double seconds = Duration.between(result.started(), result.finished()).toMillis() / 1000.0;
    return "%,d images in %.1f s, %.0f images/s on %s, %s"
        .formatted(
            result.images(), seconds, result.images() / seconds, result.device(), result.engine());
  }

  private void nextSteps() {
    out.println();
    out.println("What next?");
    suggest("up", "keep the system running");
    suggest("simulate eyes.h5 --count 500", "then, in another terminal,");
    suggest("submit eyes.h5 --output refined.h5", "refine a bundle of your own");
    suggest("train --help", "train on your own images");
    out.flush();
  }

  private void suggest(String arguments, String purpose) {
    out.printf("  %s %-38s%s%n", TypedCommand.get(), arguments, purpose);
  }

  private void say(String format, Object... values) {
    out.println();
    out.printf("== " + format + "%n", values);
    out.flush();
  }
}
