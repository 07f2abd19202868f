package io.refinery.console.models;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.connection.Connections;
import io.refinery.registry.ChannelMove;
import io.refinery.registry.ChannelPointer;
import io.refinery.registry.ModelRegistry;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery models log}. */
@Command(
    name = "log",
    mixinStandardHelpOptions = true,
    header = "List the moves of a model's channels: when, from, to, cause, who and why.",
    description = {
      "The last " + ChannelPointer.KEPT + " moves of each channel, newest last.",
      "",
      "  refinery models log eyes",
      ""
    })
final class LogCommand implements Runnable {

  @Parameters(paramLabel = "MODEL", description = "Name of a model, such as eyes.")
  private String model;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  private record Moved(String channel, ChannelMove move) {}

  @Override
  public void run() {
    String name = ModelReferences.name(model);
    PrintWriter out = spec.commandLine().getOut();
    try (Connections connections = Connections.open(options.settings())) {
      List<Moved> moves = moves(connections.registry(), name);
      if (moves.isEmpty()) {
        out.println("No channel of " + name + " has moved yet.");
      }
      moves.forEach(moved -> out.println(line(moved)));
    }
    out.flush();
  }

  private static List<Moved> moves(ModelRegistry registry, String model) {
    Map<String, ChannelPointer> channels = registry.channels(model);
    if (channels.isEmpty() && registry.versions(model).isEmpty()) {
      throw new ConfigurationException(
          "There is no model " + model + ": `refinery models` lists all models.");
    }
    return channels.entrySet().stream()
        .flatMap(
            channel ->
                channel.getValue().history().stream()
                    .map(move -> new Moved(channel.getKey(), move)))
        .sorted(Comparator.comparing(moved -> moved.move().at()))
        .toList();
  }

  private static String line(Moved moved) {
    ChannelMove move = moved.move();
    return "%s  %-10s %4s -> %-4s %-12s %-24s %s"
        .formatted(
            move.at().toString().substring(0, 19),
            moved.channel(),
            move.from().map(String::valueOf).orElse(""),
            move.to(),
            move.cause(),
            move.by(),
            move.reason().replaceAll("\\s+", " "))
        .stripTrailing();
  }
}
