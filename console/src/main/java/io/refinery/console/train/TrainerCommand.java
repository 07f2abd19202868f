package io.refinery.console.train;

import io.refinery.console.cli.EngineFlags;
import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.cli.Termination;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.Connections;
import io.refinery.console.doctor.StartupCheck;
import io.refinery.console.observe.TraceExport;
import io.refinery.message.ParsedMessage;
import io.refinery.message.TrainingRequest;
import io.refinery.trainer.service.TrainerService;
import io.refinery.trainer.service.TrainingStateStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code refinery trainer}. */
@Command(
    name = "trainer",
    mixinStandardHelpOptions = true,
    header = "Run a trainer service until Ctrl-C.",
    description = {
      "Takes training requests from the broker, one at a time. The trainers of a group share the"
          + " requests. On Ctrl-C, the trainer saves a checkpoint from which another one resumes.",
      "",
      "  refinery trainer",
      "  refinery trainer --device cuda:0 --start training.json",
      ""
    })
public final class TrainerCommand implements Callable<Integer> {

  @Option(
      names = "--start",
      paramLabel = "FILE",
      description =
          "JSON file with a training request (refinery.trainer.start), sent at startup unless its"
              + " id has been requested before.")
  private Optional<Path> start = Optional.empty();

  @Mixin private EngineFlags engine;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Settings settings = options.settings(engine.ofTrainer());
    TrainerFactory.check(settings);
    Optional<TrainingRequest> first = start.or(settings.trainer()::start).map(TrainerCommand::read);
    StartupCheck.ofTrainer(settings);
    return TraceExport.during(settings, "refinery-trainer", () -> run(settings, first));
  }

  private int run(Settings settings, Optional<TrainingRequest> first)
      throws IOException, InterruptedException {
    try (Termination termination = Termination.expect();
        Connections connections = Connections.open(settings)) {
      connections.storage().ensureBucket(connections.bucket());
      try (TrainerService trainer = TrainerFactory.start(connections)) {
        first.ifPresent(request -> send(request, connections));
        PrintWriter out = spec.commandLine().getOut();
        out.println(
            "Trainer %s is taking requests; it trains with %s on %s. Press Ctrl-C to stop it."
                .formatted(
                    trainer.name(), trainer.engine().description(), trainer.engine().device()));
        out.flush();
        termination.await(trainer.deviceLost());
      }
    }
    return ExitCode.OK;
  }

  private static void send(TrainingRequest request, Connections connections) {
    TrainingStateStore states = new TrainingStateStore(connections.storage(), connections.bucket());
    if (states.request(request.id()).isEmpty()) {
      new TrainingClient(connections).send(request);
    }
  }

  private static TrainingRequest read(Path file) {
    try {
      ParsedMessage<TrainingRequest> message =
          TrainingRequest.read(Optional.empty(), Files.readAllBytes(file));
      if (message instanceof ParsedMessage.Rejected<TrainingRequest> rejected) {
        throw new ConfigurationException(file + ": " + rejected.message());
      }
      return ((ParsedMessage.Accepted<TrainingRequest>) message).request();
    } catch (IOException e) {
      throw new ConfigurationException("Cannot read the request " + file + ": " + e, e);
    }
  }
}
