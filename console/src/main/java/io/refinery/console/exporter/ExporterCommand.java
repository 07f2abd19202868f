package io.refinery.console.exporter;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.cli.Termination;
import io.refinery.console.config.Settings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code refinery exporter}. */
@Command(
    name = "exporter",
    mixinStandardHelpOptions = true,
    header = "Serve the number and age of waiting jobs until Ctrl-C.",
    description = {
      "Reads from the broker how many jobs and trainings no process has finished, how old the"
          + " oldest is, and how many dead letters there are. Serves them at /metrics for Prometheus,"
          + " and at /api/backlog as JSON for scalers such as KEDA. Needs no store, no engine and no"
          + " running worker. The port is refinery.exporter.status-port.",
      "",
      "  refinery exporter --kafka broker:9092",
      "  refinery exporter --set refinery.exporter.status-address=0.0.0.0",
      ""
    })
public final class ExporterCommand implements Callable<Integer> {

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = options.settings();
    try (Termination termination = Termination.expect();
        Exporter exporter = Exporter.start(settings)) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          "Exporter is serving http://%s:%d/metrics and %s. Press Ctrl-C to stop it."
              .formatted(settings.exporter().statusAddress(), exporter.port(), Exporter.FIGURES));
      out.flush();
      termination.await();
    }
    return ExitCode.OK;
  }
}
