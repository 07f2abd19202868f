package io.refinery.console.train;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.connection.Connections;
import io.refinery.message.TrainingControl;
import io.refinery.message.TrainingControl.Action;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.trainer.service.TrainingStateStore;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery trainings}. */
@Command(
    name = "trainings",
    mixinStandardHelpOptions = true,
    header = "List, pause, continue and cancel trainings.",
    description = {
      "Without COMMAND, lists the trainings requested with `refinery train --submit` or by a"
          + " message, and their state.",
      "",
      "  refinery trainings",
      "  refinery trainings pause hands-7f3a",
      "  refinery trainings continue hands-7f3a",
      ""
    })
public final class TrainingsCommand implements Runnable {

  private static final String ROW = "%-28s %-16s %-13s %s%n";

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    try (Connections connections = Connections.open(options.settings())) {
      TrainingStateStore states = states(connections);
      PrintWriter out = spec.commandLine().getOut();
      out.printf(ROW, "ID", "MODEL", "STATE", "STEP");
      for (String id : states.ids()) {
        states.state(id).ifPresent(state -> print(out, state));
      }
      out.flush();
    }
  }

  private static void print(PrintWriter out, TrainingUpdate state) {
    String model = state.version().map(Object::toString).or(state::model).orElse("");
    String step =
        state
            .step()
            .map(last -> "%s %d of %d".formatted(last.phase(), last.number(), last.of()))
            .orElse("");
    out.printf(ROW, state.trainingId(), model, state.state(), step);
  }

  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      header = "Cancel a training permanently, or remove the checkpoint of a failed one.")
  void cancel(
      @Parameters(paramLabel = "ID", description = "Id of the training.") String id,
      @Mixin SettingsOptions settings) {
    control(id, Action.CANCEL, settings);
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      header = "Pause a training after its current step; saves a checkpoint.")
  void pause(
      @Parameters(paramLabel = "ID", description = "Id of the training.") String id,
      @Mixin SettingsOptions settings) {
    control(id, Action.PAUSE, settings);
  }

  @Command(
      name = "continue",
      mixinStandardHelpOptions = true,
      header = "Resume a paused training from its checkpoint.")
  void continueTraining(
      @Parameters(paramLabel = "ID", description = "Id of the training.") String id,
      @Mixin SettingsOptions settings) {
    try (Connections connections = Connections.open(settings.settings())) {
      TrainingRequest request = requireOpen(id, states(connections));
      new TrainingClient(connections).send(request);
      say("Training " + id + " resumes as soon as a trainer is free.");
    }
  }

  private void control(String id, Action action, SettingsOptions settings) {
    try (Connections connections = Connections.open(settings.settings())) {
      TrainingStateStore states = states(connections);
      if (action != Action.CANCEL || !hasFailed(id, states)) {
        requireOpen(id, states);
      }
      new TrainingClient(connections).send(new TrainingControl(id, action));
      say("Sent '" + action + "' to training " + id + ".");
    }
  }

  private static boolean hasFailed(String id, TrainingStateStore states) {
    return states.outcome(id).filter(end -> end.state() == State.FAILED).isPresent();
  }

  private static TrainingRequest requireOpen(String id, TrainingStateStore states) {
    TrainingRequest request =
        states
            .request(id)
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        "There is no training '" + id + "': `refinery trainings` lists them."));
    states
        .outcome(id)
        .ifPresent(
            end -> {
              throw new ConfigurationException(
                  "Training " + id + " has already ended: " + end.state() + ".");
            });
    return request;
  }

  private static TrainingStateStore states(Connections connections) {
    return new TrainingStateStore(connections.storage(), connections.bucket());
  }

  private void say(String sentence) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(sentence);
    out.flush();
  }
}
