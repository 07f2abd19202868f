package io.refinery.console;

import io.refinery.console.bundle.BundleCommand;
import io.refinery.console.clean.CleanCommand;
import io.refinery.console.cli.ErrorReporter;
import io.refinery.console.dead.DeadCommand;
import io.refinery.console.demo.DemoCommand;
import io.refinery.console.doctor.DoctorCommand;
import io.refinery.console.exporter.ExporterCommand;
import io.refinery.console.local.UpCommand;
import io.refinery.console.models.ModelsCommand;
import io.refinery.console.setup.SetupCommand;
import io.refinery.console.simulate.SimulateCommand;
import io.refinery.console.status.StatusCommand;
import io.refinery.console.submit.CancelCommand;
import io.refinery.console.submit.SubmitCommand;
import io.refinery.console.submit.UploadCommand;
import io.refinery.console.train.TrainCommand;
import io.refinery.console.train.TrainerCommand;
import io.refinery.console.train.TrainingsCommand;
import io.refinery.console.work.WorkerCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code refinery} command line. */
@Command(
    name = "refinery",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      SetupCommand.class,
      WorkerCommand.class,
      SubmitCommand.class,
      UploadCommand.class,
      StatusCommand.class,
      CancelCommand.class,
      DeadCommand.class,
      CleanCommand.class,
      ModelsCommand.class,
      TrainCommand.class,
      TrainerCommand.class,
      TrainingsCommand.class,
      ExporterCommand.class,
      SimulateCommand.class,
      BundleCommand.class,
      ConfigCommand.class,
      DoctorCommand.class,
      HelpCommand.class
    },
    header = "Turns cheap synthetic images into realistic labelled training data.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:success",
      "1:the work failed: a job or a training failed, a model was refused, no usable engine (doctor)",
      "2:wrong usage or configuration",
      "3:the broker or the object store cannot be reached",
      "4:a device failed, or a job hangs; jobs were handed back, and another process may go on"
    },
    footer = {
      "",
      "New here? @|bold refinery demo|@ shows the whole system in a few minutes.",
      "Every command finds a running @|bold refinery up|@ automatically."
    })
public final class Refinery implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs one command and exits with its exit code. */
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
