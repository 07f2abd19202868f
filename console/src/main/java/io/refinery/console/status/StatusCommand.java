package io.refinery.console.status;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.connection.Connections;
import io.refinery.console.submit.JobClient;
import io.refinery.message.JobResult;
import io.refinery.registry.ChannelPointer;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    header = "Show the state of the system or the result of a job.",
    description = {
      "Without JOB, shows broker, store, workers, waiting jobs and models. With JOB, prints its"
          + " result exactly as it was published, and exits with code 1 if it failed or has no result yet.",
      ""
    })
public final class StatusCommand implements Callable<Integer> {

  @Parameters(paramLabel = "JOB", arity = "0..1", description = "Id of a job.")
  private Optional<String> job = Optional.empty();

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (Connections connections = Connections.open(options.settings())) {
      return job.isPresent() ? job(connections, job.get()) : system(connections);
    }
  }

  private int job(Connections connections, String id) {
    JobClient client = new JobClient(connections);
    Optional<JobResult> result = client.find(id);
    if (result.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              "refinery: job "
                  + id
                  + " has no result: it is queued, running, or was never submitted.");
      return ExitCode.SOFTWARE;
    }
    PrintWriter out = spec.commandLine().getOut();
    // Not written anew: scripts rely on the message that the topic has.
    client.stored(id).ifPresent(json -> out.println(new String(json, StandardCharsets.UTF_8)));
    out.flush();
    return result.get() instanceof JobResult.Failed ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private int system(Connections connections) {
    PrintWriter out = spec.commandLine().getOut();
    SystemStatus.Snapshot snapshot = new SystemStatus(connections).read();
    out.println("broker   " + connections.settings().kafka().bootstrapServers().orElse(""));
    out.println("store    " + connections.settings().storage().endpoint().orElseThrow());
    if (!snapshot.topics()) {
      out.println("topics   none: `refinery up` or `refinery worker` creates them");
    }
    out.println("workers  " + (snapshot.workers().isEmpty() ? "none" : snapshot.workers().size()));
    snapshot.workers().forEach(worker -> out.println("         " + worker));
    out.println("waiting  " + snapshot.waiting() + " jobs");
    for (String model : connections.registry().models()) {
      out.println("model    " + model + ": " + channels(connections.registry().channels(model)));
    }
    out.flush();
    return ExitCode.OK;
  }

  private static String channels(Map<String, ChannelPointer> channels) {
    return channels.entrySet().stream()
        .map(channel -> channel.getKey() + " is version " + channel.getValue().version())
        .collect(Collectors.joining(", "));
  }
}
