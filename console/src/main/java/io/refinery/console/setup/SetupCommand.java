package io.refinery.console.setup;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.ShippedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code refinery setup}. */
@Command(
    name = "setup",
    mixinStandardHelpOptions = true,
    header = "Create the bucket, the topics and the first model.",
    description = {
      "Prepares a broker and a store of your own, with an administrator's rights, so that services"
          + " need only theirs. Also configures the groups of workers and trainers. Keeps"
          + " everything that exists, so you can run it again. `refinery up` does the same for its"
          + " own servers.",
      "",
      "  refinery setup --kafka broker:9092 --s3 https://store",
      ""
    })
public final class SetupCommand implements Callable<Integer> {

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (Connections connections = Connections.open(options.settings())) {
      SystemSetup.run(connections);
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "Ready: bucket %s, topics %s*, model %s%n",
          connections.bucket(), connections.settings().kafka().topicPrefix(), ShippedModel.NAME);
      out.flush();
    }
    return ExitCode.OK;
  }
}
