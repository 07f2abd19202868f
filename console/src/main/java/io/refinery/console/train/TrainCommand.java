package io.refinery.console.train;

import io.refinery.bundle.BundleException;
import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.Channels;
import io.refinery.engine.Device;
import io.refinery.registry.ModelReference;
import io.refinery.trainer.Trainer;
import io.refinery.trainer.TrainingRequest;
import io.refinery.trainer.TrainingResult;
import io.refinery.trainer.algorithm.Wish;
import io.refinery.trainer.feed.DataSource;
import io.refinery.trainer.plan.Preset;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    header = "Train a refiner and publish it as a version.",
    description = {
      "Learns to make the images of one bundle look like those of another, by Algorithm 1 of"
          + " arXiv 1612.07828, in this process. The version holds weights, ONNX, loss curves and a"
          + " preview; the channel latest points to it afterwards.",
      "",
      "  refinery train --model hands --synthetic renders.h5 --real photos.zip",
      "  refinery train --model eyes --from eyes@stable --preset quick \\",
      "                 --synthetic more.h5 --real photos.zip --plan schedule.steps=100",
      ""
    })
public final class TrainCommand implements Callable<Integer> {

  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME",
      required = true,
      description = "The model whose next version this is.")
  private String model;

  @Option(
      names = "--synthetic",
      paramLabel = "BUNDLE",
      required = true,
      description = "Images to learn to refine.")
  private Path synthetic;

  @Option(
      names = "--real",
      paramLabel = "BUNDLE",
      required = true,
      description = "Images of the same size that refined ones shall look like.")
  private Path real;

  @Option(
      names = "--real-caption",
      paramLabel = "TEXT",
      defaultValue = "real",
      description = "What the second bundle is called in pictures; default ${DEFAULT-VALUE}.")
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
      description = "Version of the same model to go on from; default fresh weights.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description = "Where the version's files are written first; default a temporary one.")
  private Optional<Path> folder = Optional.empty();

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  /** For the help. */
  static final class Presets implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Preset.ALL.stream().map(Preset::name).iterator();
    }
  }

  @Override
  public Integer call() throws IOException, BundleException {
    Settings settings = options.settings();
    TrainingRequest request = request(settings.trainer());
    try (Connections connections = Connections.open(settings)) {
      connections.storage().ensureBucket(connections.bucket());
      Trainer trainer =
          new Trainer(Optional.of(connections.trainingStore()), settings.home().resolve("models"));
      TrainingResult result;
      try (TrainingProgress progress = new TrainingProgress()) {
        result = trainer.train(request, progress, () -> Wish.CONTINUE);
      }
      return report(result, connections);
    }
  }

  private TrainingRequest request(Settings.Trainer trainer) throws IOException {
    requireFile("--synthetic", synthetic);
    requireFile("--real", real);
    try {
      TrainingPlan plan = Preset.named(preset).plan().with(parameters);
      return new TrainingRequest(
          Optional.empty(),
          model,
          plan,
          DataSource.of(synthetic),
          DataSource.of(real),
          realCaption,
          Optional.empty(),
          trainer.engine(),
          Device.parse(trainer.device()),
          from.map(ModelReference::parse),
          folder.isPresent() ? folder.get() : Files.createTempDirectory("refinery-training"));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  private static void requireFile(String option, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigurationException(
          option + ": there is no file " + file.toAbsolutePath() + ".");
    }
  }

  private int report(TrainingResult result, Connections connections) {
    if (result instanceof TrainingResult.Published published) {
      new Channels(connections).announce(published.channels().moves());
      PrintWriter out = spec.commandLine().getOut();
      out.printf("%s is published; %s@latest points to it.%n", published.version(), model);
      published.metrics().forEach((name, value) -> out.printf("  %-32s %.4f%n", name, value));
      out.printf("Preview and loss curves: %s%n", published.folder());
      published
          .channels()
          .verdict()
          .ifPresent(verdict -> out.printf("Gate: %s%n", verdict.reason()));
      out.printf("To serve it: refinery models promote %s%n", published.version());
      out.flush();
      return ExitCode.OK;
    }
    String cause =
        result instanceof TrainingResult.Failed failed
            ? failed.cause()
            : "The training was ended early.";
    spec.commandLine().getErr().println("refinery: " + cause + " Nothing was published.");
    return ExitCode.SOFTWARE;
  }
}
