package io.refinery.console;

import io.refinery.console.cli.ErrorReporter;
import io.refinery.console.demo.DemoCommand;
import io.refinery.console.doctor.DoctorCommand;
import io.refinery.console.local.UpCommand;
import io.refinery.console.models.ModelsCommand;
import io.refinery.console.simulate.SimulateCommand;
import io.refinery.console.status.StatusCommand;
import io.refinery.console.submit.SubmitCommand;
import io.refinery.console.submit.UploadCommand;
import io.refinery.console.train.TrainCommand;
import io.refinery.console.train.TrainerCommand;
import io.refinery.console.train.TrainingsCommand;
import io.refinery.console.work.WorkerCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line. */
@Command(
    name = "refinery",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      WorkerCommand.class,
      SubmitCommand.class,
      UploadCommand.class,
      StatusCommand.class,
      ModelsCommand.class,
      TrainCommand.class,
      TrainerCommand.class,
      TrainingsCommand.class,
      SimulateCommand.class,
      ConfigCommand.class,
      DoctorCommand.class,
      HelpCommand.class
    },
    header = "Turns cheap synthetic images into realistic labelled training data.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the work failed: a job, a training, a model that is refused; no engine for it (doctor)",
      "2:the command line or the configuration is wrong",
      "3:the broker or the object store is not reached",
      "4:a device failed; its jobs were given back, and another process may use it"
    },
    footer = {
      "",
      "New here? @|bold refinery demo|@ shows the whole system in a few minutes.",
      "Every command finds a running @|bold refinery up|@ by itself."
    })
public final class Refinery implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    int code = commandLine().execute(arguments);
    if (code == ErrorReporter.DEVICE_LOST) {
      // Everything is closed; unloading the libraries of a lost device may hang or crash.
      Runtime.getRuntime().halt(code);
    }
    System.exit(code);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Refinery())
        .setExecutionExceptionHandler(ErrorReporter::handle)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
