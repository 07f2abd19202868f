package io.refinery.console.dead;

import io.refinery.broker.DeadLetter;
import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.connection.Connections;
import io.refinery.console.dead.Replay.NotReplayableException;
import io.refinery.console.submit.Deadline;
import io.refinery.console.submit.JobClient;
import io.refinery.message.Job;
import io.refinery.message.JobResult;
import io.refinery.message.Topics;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery dead replay}. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    header = "Send a failed job again, once its cause is mended.",
    description = {
      "The job gets a fresh id, which is printed: its old id stands for the failure. A letter that"
          + " is replayed twice is still one job.",
      "",
      "  refinery dead replay by-hand",
      "  refinery dead replay --all",
      ""
    })
final class ReplayCommand implements Callable<Integer> {

  /** Which letters to replay. */
  static final class Which {
    @Parameters(paramLabel = "ID", description = "Id of a failed job.")
    private Optional<String> id = Optional.empty();

    @Option(names = "--all", description = "Every job that has not been replayed yet.")
    private boolean all;
  }

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      converter = Deadline.class,
      description =
          "A new deadline, such as PT2H or 2030-01-31T18:00:00Z, for jobs that have one; those whose"
              + " deadline has passed are not replayed without.")
  private Optional<Instant> deadline = Optional.empty();

  @ArgGroup(multiplicity = "1")
  private Which which;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    int code = ExitCode.OK;
    try (Connections connections = Connections.open(options.settings())) {
      JobClient client = new JobClient(connections);
      for (DeadLetter letter : letters(connections)) {
        try {
          replay(letter, client, connections.topics());
        } catch (NotReplayableException e) {
          say(letter.id() + " cannot be sent again: " + e.getMessage());
          code = which.all ? code : ExitCode.SOFTWARE;
        }
      }
    }
    return code;
  }

  private List<DeadLetter> letters(Connections connections) {
    List<DeadLetter> letters =
        DeadLetters.read(connections).stream()
            .filter(letter -> which.all || which.id.filter(letter.id()::equals).isPresent())
            .toList();
    if (letters.isEmpty() && !which.all) {
      throw new ConfigurationException(
          "No dead letter has the id '"
              + which.id.orElseThrow()
              + "': `refinery dead` lists them all.");
    }
    return letters;
  }

  private void replay(DeadLetter letter, JobClient client, Topics topics)
      throws NotReplayableException {
    Job job = Replay.job(letter, deadline);
    Optional<JobResult> earlier = client.find(job.id());
    if (earlier.isPresent()) {
      String end =
          earlier.get() instanceof JobResult.Failed failed
              ? "failed: %s %s Replay that id to try again."
                  .formatted(failed.code(), failed.message())
              : "succeeded.";
      say("%s was replayed as %s, which %s".formatted(letter.id(), job.id(), end));
      return;
    }
    client.send(job, Replay.priority(letter, topics));
    say("%s is sent again as %s".formatted(letter.id(), job.id()));
  }

  private void say(String sentence) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(sentence);
    out.flush();
  }
}
