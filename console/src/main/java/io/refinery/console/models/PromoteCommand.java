package io.refinery.console.models;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.connection.Connections;
import io.refinery.registry.ModelReference;
import io.refinery.registry.MoveReason;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery models promote}. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    header = "Point a channel to a version.",
    description = {
      "Running workers serve that version from their next job on.",
      "",
      "  refinery models promote eyes@2 --reason \"sharper irises\"",
      ""
    })
final class PromoteCommand implements Runnable {

  @Parameters(paramLabel = "VERSION", description = "Version, such as eyes@2.")
  private String version;

  @Mixin private MoveOptions move;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    if (!(ModelReferences.parse(version) instanceof ModelReference.ToVersion to)) {
      throw new ConfigurationException(
          "'" + version + "' is not a version: give its number, such as eyes@2.");
    }
    MoveReason promotion = move.move(MoveReason.Cause.PROMOTION);
    try (Connections connections = Connections.open(options.settings())) {
      connections.channelMover().move(to.name(), move.channel(), to.version().number(), promotion);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(to.name() + "@" + move.channel() + " is now " + to.version() + ".");
    out.flush();
  }
}
