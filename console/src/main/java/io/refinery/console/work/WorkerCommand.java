package io.refinery.console.work;

import io.refinery.broker.BacklogReader;
import io.refinery.concurrent.Closer;
import io.refinery.console.cli.EngineFlags;
import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.cli.Termination;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.BrokerConnection;
import io.refinery.console.connection.Connections;
import io.refinery.console.doctor.StartupCheck;
import io.refinery.console.observe.TraceExport;
import io.refinery.worker.Worker;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code refinery worker}. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    header = "Run a worker until Ctrl-C, or until no job is left.",
    description = {
      "Takes jobs from the broker. The workers of a group share the jobs, even from a single"
          + " partition. On Ctrl-C, the worker finishes its job or hands it to another one.",
      "",
      "  refinery worker",
      "  refinery worker --device cuda:0 --engine torch",
      "  refinery worker --kafka broker:9092 --s3 http://store:9000",
      "  refinery worker --until-empty=PT2M",
      ""
    })
public final class WorkerCommand implements Callable<Integer> {

  @Option(
      names = "--until-empty",
      arity = "0..1",
      paramLabel = "DURATION",
      fallbackValue = "PT30S",
      converter = IdleTimeConverter.class,
      description =
          "End with exit code 0 when the workers' group has had no job for this long, neither"
              + " waiting nor in hand of any worker; without a value PT30S.")
  private Optional<Duration> untilEmpty = Optional.empty();

  @Mixin private EngineFlags engine;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Settings settings = options.settings(engine.ofWorker());
    WorkerFactory.check(settings);
    StartupCheck.ofWorker(settings);
    return TraceExport.during(settings, "refinery-worker", () -> run(settings));
  }

  private int run(Settings settings) throws IOException, InterruptedException {
    try (Termination termination = Termination.expect();
        Connections connections = Connections.open(settings);
        Worker worker = WorkerFactory.start(connections);
        Closer closer = new Closer()) {
      closer.add(WorkerFactory.cleaner(connections));
      untilEmpty.ifPresent(patience -> watch(worker, settings, patience, termination, closer));
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          "Worker %s is taking jobs; it refines with %s on %s. Press Ctrl-C to stop it."
              .formatted(worker.name(), worker.engine().description(), worker.engine().device()));
      out.flush();
      termination.await(worker.deviceLost());
    }
    return ExitCode.OK;
  }

  private static void watch(
      Worker worker, Settings settings, Duration patience, Termination termination, Closer closer) {
    BacklogReader jobs =
        closer.add(BrokerConnection.backlog(settings, worker.name() + "-until-empty"));
    closer.add(EmptyQueueWatch.start(jobs, settings.worker().group(), patience, termination::ask));
  }
}
