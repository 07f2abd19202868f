package io.refinery.console.status;

import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.connection.Connections;
import io.refinery.json.Json;
import io.refinery.message.JobResult;
import io.refinery.registry.ChannelPointer;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.StorageException;
import java.io.IOException;
import java.io.PrintWriter;
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
          + " result as JSON, and exits with code 1 if it failed or has no result yet.",
      ""
    })
public final class StatusCommand implements Callable<Integer> {

  private static final long MAX_RESULT_BYTES = 1 << 20;

  @Parameters(paramLabel = "JOB", arity = "0..1", description = "Id of a job.")
  private Optional<String> job = Optional.empty();

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (Connections connections = Connections.open(options.settings())) {
      return job.isPresent() ? job(connections, job.get()) : system(connections);
    }
  }

  private int job(Connections connections, String id) throws IOException {
    JobResult result;
    try {
      ObjectRef claim = new ObjectRef(connections.bucket(), "results/" + id + ".json");
      result = JobResult.parse(connections.storage().read(claim, MAX_RESULT_BYTES).bytes());
    } catch (StorageException e) {
      if (e.kind() != StorageException.Kind.NOT_FOUND) {
        throw e;
      }
      spec.commandLine()
          .getErr()
          .println(
              "refinery: job "
                  + id
                  + " has no result: it is queued, running, or was never submitted.");
      return ExitCode.SOFTWARE;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(result));
    out.flush();
    return result instanceof JobResult.Failed ? ExitCode.SOFTWARE : ExitCode.OK;
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
