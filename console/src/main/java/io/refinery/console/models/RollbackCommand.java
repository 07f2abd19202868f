package io.refinery.console.models;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.connection.Connections;
import io.refinery.message.ChannelMoveEvent;
import io.refinery.registry.ChannelPointer;
import io.refinery.registry.MoveReason;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery models rollback}. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    header = "Move a channel back to its previous version.",
    description = {
      "Running workers serve that version from their next job on. A second rollback goes further"
          + " back.",
      "",
      "  refinery models rollback eyes --reason \"irises shifted\"",
      ""
    })
final class RollbackCommand implements Runnable {

  @Parameters(paramLabel = "MODEL", description = "Name of a model, such as eyes.")
  private String model;

  @Mixin private MoveOptions move;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    String name = ModelReferences.name(model);
    MoveReason back = move.move(MoveReason.Cause.ROLLBACK);
    ChannelMoveEvent made;
    try (Connections connections = Connections.open(options.settings())) {
      ChannelPointer pointer =
          connections.channelMover().rollback(name, move.channel(), back.by(), back.reason());
      made = ChannelMoveEvent.of(name, move.channel(), pointer);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        made.key()
            + " is now "
            + made.model()
            + made.from().map(from -> "; it was " + from).orElse("")
            + ".");
    out.flush();
  }
}
