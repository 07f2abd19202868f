package io.refinery.console;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.Configuration;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code refinery config}. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    header = "Show the settings in effect and where each one comes from.",
    description = {
      "Sources, from lowest to highest priority: defaults, a running `refinery up`, the file"
          + " refinery.properties (or --config), the environment, and flags such as --set.",
      "In the environment, refinery.worker.batch-size is REFINERY_WORKER_BATCH_SIZE.",
      ""
    })
final class ConfigCommand implements Runnable {

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    List<Configuration.Property> properties = options.configuration().properties();
    int name = properties.stream().mapToInt(property -> property.name().length()).max().orElse(0);
    int value = properties.stream().mapToInt(property -> property.value().length()).max().orElse(0);
    PrintWriter out = spec.commandLine().getOut();
    properties.forEach(
        property ->
            out.printf(
                "%-" + name + "s  %-" + Math.max(1, value) + "s  %s%n",
                property.name(),
                property.value(),
                property.source()));
    out.flush();
  }
}
