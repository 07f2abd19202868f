package io.refinery.console.train;

import io.refinery.bundle.BundleException;
import io.refinery.console.cli.EngineFlags;
import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.cli.Termination;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.EngineOptionsFactory;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.Connections;
import io.refinery.console.submit.JobClient;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingSource;
import io.refinery.message.TrainingUpdate;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import io.refinery.storage.ObjectRef;
import io.refinery.trainer.Trainer;
import io.refinery.trainer.TrainingResult;
import io.refinery.trainer.TrainingSpec;
import io.refinery.trainer.algorithm.ControlSignal;
import io.refinery.trainer.event.TrainingEvent;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.plan.Preset;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code refinery train}. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    header = "Train a refiner and publish it as a version of a model.",
    description = {
      "Learns to make synthetic images look like real ones, with Algorithm 1 of arXiv 1612.07828,"
          + " in this process or, with --submit, in a trainer service. Publishes weights, ONNX, loss"
          + " curves and a preview, and points the channel latest to the new version.",
      "",
      "  refinery train --model hands --synthetic renders.h5 --real photos.zip",
      "  refinery train --model eyes --from eyes@stable --preset quick \\",
      "                 --synthetic more.h5 --real photos.zip --plan schedule.steps=100",
      "  refinery train --model hands --synthetic renders.h5 --real photos.zip \\",
      "                 --submit --wait",
      ""
    })
public final class TrainCommand implements Callable<Integer> {

  private static final String STORED = "s3://";

  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME",
      required = true,
      description = "Model that gets the new version.")
  private String model;

  @Option(
      names = "--synthetic",
      paramLabel = "BUNDLE",
      required = true,
      description = "Synthetic images: a file, or s3://bucket/key; may be repeated.")
  private List<String> synthetic;

  @Option(
      names = "--synthetic-images",
      paramLabel = "FOLDER",
      description =
          "Take only the images in this folder of each synthetic ZIP, or those whose names match a"
              + " glob: '*' is all of them. May be repeated.")
  private List<String> syntheticImages = List.of();

  @Option(
      names = "--real",
      paramLabel = "BUNDLE",
      required = true,
      description = "Real images of the same size; may be repeated.")
  private List<String> real;

  @Option(
      names = "--real-images",
      paramLabel = "FOLDER",
      description = "The same for the real images; may be repeated.")
  private List<String> realImages = List.of();

  @Option(
      names = "--labelled-real",
      paramLabel = "BUNDLE",
      description = "Real images with labels, for evaluating the version; may be repeated.")
  private List<String> labelledReal = List.of();

  @Option(
      names = "--labelled-real-images",
      paramLabel = "FOLDER",
      description = "The same for the real images with labels; may be repeated.")
  private List<String> labelledRealImages = List.of();

  @Option(
      names = "--real-caption",
      paramLabel = "TEXT",
      defaultValue = "real",
      description = "Caption for the real images in previews; default ${DEFAULT-VALUE}.")
  private String realCaption;

  @Option(
      names = "--preset",
      paramLabel = "PRESET",
      defaultValue = "eyes-simulated",
      completionCandidates = Presets.class,
      description = "Plan to start from: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private String preset;

  @Option(
      names = "--plan",
      paramLabel = "NAME=VALUE",
      description = "One parameter of the plan, such as schedule.steps=500; may be repeated.")
  private Map<String, String> parameters = new TreeMap<>();

  @Option(
      names = "--from",
      paramLabel = "VERSION",
      description = "Version of the same model to continue from; default random weights.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description =
          "Folder for the version's files before they are published; default a temporary one.")
  private Optional<Path> folder = Optional.empty();

  @Option(
      names = "--submit",
      description = "Send the request to a trainer service and print the training's id.")
  private boolean submit;

  @Option(
      names = {"-w", "--wait"},
      description = "With --submit: wait until the training has ended.")
  private boolean wait;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description =
          "Permanent id of the training: run the same command again to resume it after an"
              + " interruption.")
  private Optional<String> id = Optional.empty();

  @Mixin private EngineFlags engine;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  /** Lists the presets in the help. */
  static final class Presets implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Preset.ALL.stream().map(Preset::name).iterator();
    }
  }

  @Override
  public Integer call() throws IOException, BundleException {
    Settings settings = options.settings(engine.ofTrainer());
    requireEngineHere();
    requireBundles("--synthetic", synthetic);
    requireBundles("--real", real);
    requireBundles("--labelled-real", labelledReal);
    if (labelledReal.isEmpty() && !labelledRealImages.isEmpty()) {
      throw new ConfigurationException("--labelled-real-images needs --labelled-real.");
    }
    TrainingSpec request = request(settings.trainer());
    try (Connections connections = Connections.open(settings)) {
      connections.storage().ensureBucket(connections.bucket());
      return submit ? submit(connections) : train(request, connections);
    }
  }

  private int train(TrainingSpec request, Connections connections)
      throws IOException, BundleException {
    Trainer trainer =
        new Trainer(
            Optional.of(connections.trainingStore()),
            connections.settings().home().resolve("models"),
            EngineOptionsFactory.of(connections.settings()));
    ControlSignal onTermination = id.isPresent() ? ControlSignal.PAUSE : ControlSignal.CANCEL;
    try (Termination termination = Termination.expect();
        TrainingProgress progress = new TrainingProgress()) {
      TrainingResult result =
          trainer.train(
              request,
              event -> {
                progress.accept(event);
                if (event instanceof TrainingEvent.Trained) {
                  // The last checkpoint is saved, so Ctrl-C need not wait for what follows.
                  termination.release();
                }
              },
              () -> termination.asked() ? onTermination : ControlSignal.CONTINUE);
      return report(result);
    }
  }

  private TrainingSpec request(Settings.Trainer trainer) throws IOException {
    try {
      TrainingPlan plan = Preset.named(preset).plan().with(parameters);
      return new TrainingSpec(
          id,
          model,
          plan,
          new DataSource(synthetic, syntheticImages),
          new DataSource(real, realImages),
          realCaption,
          labelledReal.isEmpty()
              ? Optional.empty()
              : Optional.of(new DataSource(labelledReal, labelledRealImages)),
          trainer.engine(),
          trainer.device(),
          from.map(ModelReference::parse),
          folder.isPresent() ? folder.get() : Files.createTempDirectory("refinery-training"));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  private void requireEngineHere() {
    if (submit && engine.given()) {
      throw new ConfigurationException(
          "With --submit, a trainer service uses its own engine and device: pass --engine and"
              + " --device to `refinery trainer`, or leave out --submit.");
    }
  }

  private static void requireBundles(String option, List<String> bundles) {
    for (String bundle : bundles) {
      if (!bundle.startsWith(STORED) && !Files.isRegularFile(Path.of(bundle))) {
        throw new ConfigurationException(
            option + ": there is no file " + Path.of(bundle).toAbsolutePath() + ".");
      }
    }
  }

  private int submit(Connections connections) {
    TrainingRequest request = trainingRequest(connections);
    TrainingClient client = new TrainingClient(connections);
    PrintWriter out = spec.commandLine().getOut();
    if (!wait) {
      client.send(request);
      out.println(request.id());
      out.flush();
      return ExitCode.OK;
    }
    TrainingUpdate last;
    try (TrainingProgress progress = new TrainingProgress()) {
      last =
          client.submit(
              request,
              update -> {
                progress.show(update);
                warn(update);
              });
    }
    if (last.version().isPresent()) {
      published(last.version().get(), last.metrics());
      return ExitCode.OK;
    }
    spec.commandLine()
        .getErr()
        .println(
            "refinery: training %s is %s. %s"
                .formatted(request.id(), last.state(), last.detail().orElse("")));
    return ExitCode.SOFTWARE;
  }

  private void warn(TrainingUpdate update) {
    if (update.state() == TrainingUpdate.State.WARNING) {
      spec.commandLine().getErr().println("refinery: " + update.detail().orElse(""));
    }
  }

  private TrainingRequest trainingRequest(Connections connections) {
    JobClient uploads = new JobClient(connections);
    try {
      return new TrainingRequest(
          id.orElseGet(() -> model + "-" + UUID.randomUUID().toString().substring(0, 8)),
          model,
          stored(uploads, synthetic, syntheticImages),
          stored(uploads, real, realImages),
          Optional.of(preset),
          parameters,
          from.map(ModelReference::parse),
          Optional.of(realCaption),
          stored(uploads, labelledReal, labelledRealImages));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  private static TrainingSource stored(
      JobClient uploads, List<String> bundles, List<String> images) {
    List<ObjectRef> stored =
        bundles.stream()
            .map(
                bundle ->
                    bundle.startsWith(STORED)
                        ? ObjectRef.parse(bundle)
                        : uploads.upload(Path.of(bundle)))
            .toList();
    return new TrainingSource(stored, images);
  }

  private void published(ModelVersion version, Map<String, Double> metrics) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s is published; %s@latest now points to it.%n", version, model);
    metrics.forEach((name, value) -> out.printf("  %-32s %.4f%n", name, value));
    out.printf("To serve it: refinery models promote %s%n", version);
    out.flush();
  }

  private int report(TrainingResult result) {
    if (result instanceof TrainingResult.Published published) {
      published(published.version(), published.metrics());
      PrintWriter out = spec.commandLine().getOut();
      out.printf("Report, preview and loss curves are in %s%n", published.folder());
      published.verdict().ifPresent(verdict -> out.printf("Gate: %s%n", verdict.reason()));
      out.flush();
      return ExitCode.OK;
    }
    spec.commandLine().getErr().println("refinery: " + why(result) + " Nothing was published.");
    return ExitCode.SOFTWARE;
  }

  private String why(TrainingResult result) {
    if (result instanceof TrainingResult.Failed failed) {
      return failed.cause();
    }
    if (result instanceof TrainingResult.Paused paused) {
      return "The training is paused after %d of %d steps; run the same command to resume."
          .formatted(paused.completed(), paused.of());
    }
    return "The training was stopped early; start it with --id to be able to resume it.";
  }
}
