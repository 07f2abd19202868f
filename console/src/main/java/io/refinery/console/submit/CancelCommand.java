package io.refinery.console.submit;

import io.refinery.console.cli.DurationConverter;
import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.connection.Connections;
import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery cancel}. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    header = "Cancel jobs that wait or run.",
    description = {
      "A cancelled job fails with the code CANCELLED, and its id cannot be used again. A job that"
          + " has already ended keeps its result; the command then exits with code 1.",
      "",
      "  refinery cancel by-hand",
      ""
    })
public final class CancelCommand implements Callable<Integer> {

  private static final long LOOK_MILLIS = 200;

  @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids of jobs.")
  private List<String> ids;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "PT1M",
      converter = DurationConverter.class,
      description =
          "How long to wait until a worker has cancelled them, such as PT30S; default"
              + " ${DEFAULT-VALUE}.")
  private Duration timeout;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Set<String> asked = new LinkedHashSet<>(ids);
    asked.forEach(CancelCommand::requireId);
    try (Connections connections = Connections.open(options.settings())) {
      JobClient client = new JobClient(connections);
      client.cancel(asked);
      Map<String, JobResult> results = await(asked, client);
      boolean all = true;
      for (String id : asked) {
        all &= report(id, Optional.ofNullable(results.get(id)));
      }
      return all ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private static void requireId(String id) {
    if (!Job.isId(id)) {
      throw new ConfigurationException(
          "'" + id + "' is not a job id: it has 1 to 128 of A-Z a-z 0-9 . _ -");
    }
  }

  private Map<String, JobResult> await(Set<String> asked, JobClient client)
      throws InterruptedException {
    Map<String, JobResult> results = new LinkedHashMap<>();
    Instant end = Instant.now().plus(timeout);
    while (true) {
      for (String id : asked) {
        if (!results.containsKey(id)) {
          client.find(id).ifPresent(result -> results.put(id, result));
        }
      }
      if (results.size() == asked.size() || Instant.now().isAfter(end)) {
        return results;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  /** Says what has become of a job, and returns whether it is cancelled. */
  private boolean report(String id, Optional<JobResult> result) {
    PrintWriter out = spec.commandLine().getOut();
    if (result.isPresent() && isCancelled(result.get())) {
      out.println("Job " + id + " is cancelled.");
      out.flush();
      return true;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        result
            .map(
                ended ->
                    "refinery: job %s is not cancelled: it has already %s."
                        .formatted(id, end(ended)))
            .orElseGet(
                () ->
                    "refinery: job %s is not cancelled yet. The message is sent, and the next worker cancels it. Check that one is running."
                        .formatted(id)));
    err.flush();
    return false;
  }

  private static boolean isCancelled(JobResult result) {
    return result instanceof JobResult.Failed failed && failed.code() == ErrorCode.CANCELLED;
  }

  private static String end(JobResult result) {
    return result instanceof JobResult.Failed failed ? "failed with " + failed.code() : "succeeded";
  }
}
