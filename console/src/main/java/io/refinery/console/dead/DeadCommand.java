package io.refinery.console.dead;

import io.refinery.broker.DeadLetter;
import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.connection.Connections;
import java.io.PrintWriter;
import java.util.Collection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code refinery dead}. */
@Command(
    name = "dead",
    mixinStandardHelpOptions = true,
    header = "List the messages that could not be processed, and send jobs again.",
    description = {
      "Without COMMAND, lists what is on the topic of dead letters, newest last: when, id, code"
          + " and reason.",
      "",
      "  refinery dead",
      "  refinery dead replay by-hand",
      ""
    },
    subcommands = ReplayCommand.class)
public final class DeadCommand implements Runnable {

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (Connections connections = Connections.open(options.settings())) {
      Collection<DeadLetter> letters = DeadLetters.read(connections);
      if (letters.isEmpty()) {
        out.println("There are no dead letters.");
      }
      letters.forEach(letter -> out.println(line(letter)));
    }
    out.flush();
  }

  private static String line(DeadLetter letter) {
    return "%s  %-36s %-20s %s"
        .formatted(
            letter.at().toString().substring(0, 19),
            letter.id(),
            letter.code(),
            letter.reason().replaceAll("\\s+", " "))
        .stripTrailing();
  }
}
