package io.refinery.console.local;

import io.refinery.console.cli.EngineFlags;
import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.cli.Termination;
import io.refinery.console.cli.TypedCommand;
import io.refinery.console.config.Configuration;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.config.RunningSystem;
import io.refinery.console.config.Settings;
import io.refinery.console.doctor.StartupCheck;
import io.refinery.console.observe.TraceExport;
import io.refinery.embedded.EmbeddedServers;
import io.refinery.embedded.ServerOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.storage.FullDisk;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code refinery up}. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    header = "Run the whole system on this machine until Ctrl-C.",
    description = {
      "Starts a broker, an object store, a worker and a trainer, on the loopback interface only."
          + " Their data is kept in refinery.home for the next start. Other commands find the"
          + " running system automatically.",
      ""
    })
public final class UpCommand implements Callable<Integer> {

  /**
   * A broker with less than this to write to stops: its segments begin with index files of 10 MiB.
   */
  private static final long FULL_BYTES = 16L << 20;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the broker; default a free one, reused on later starts.")
  private int kafkaPort;

  @Option(
      names = "--s3-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the object store; default a free one, reused on later starts.")
  private int s3Port;

  @Mixin private EngineFlags engine;

  @Mixin private SettingsOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home = options.settings().home();
    RunningSystem.find(home)
        .ifPresent(
            running -> {
              throw new ConfigurationException(
                  "`refinery up` is already running, as process " + running.process() + ".");
            });
    Settings settings = options.settings(engine.ofBoth());
    Function<Map<String, String>, Configuration> configuration =
        servers -> options.configuration(servers, engine.ofBoth());
    LocalSystem.check(configuration);
    StartupCheck.ofBoth(settings);
    return TraceExport.during(settings, "refinery-up", () -> run(home, configuration));
  }

  private int run(Path home, Function<Map<String, String>, Configuration> configuration)
      throws IOException, InterruptedException {
    try (Termination termination = Termination.expect();
        LocalSystem system =
            LocalSystem.start(
                home.resolve("up"), new ServerOptions(1, kafkaPort, s3Port), configuration)) {
      new RunningSystem(ProcessHandle.current().pid(), system.properties()).announce(home);
      CompletableFuture<?> ended = system.servers().onExit();
      termination.askAfter(ended);
      greet(system);
      try {
        termination.await(system.deviceLost());
      } finally {
        RunningSystem.withdraw(home);
      }
      if (ended.isDone()) {
        throw new IllegalStateException(stopped(home.resolve("up")));
      }
    }
    return ExitCode.OK;
  }

  private static String stopped(Path data) {
    String reason =
        FullDisk.usableBytes(data) < FULL_BYTES
            ? FullDisk.sentence(data)
            : "see their log in " + data;
    return "The broker and the store stopped unexpectedly: " + reason + ".";
  }

  private void greet(LocalSystem system) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        greeting(
            system.connections().settings(), engine(system.refining()), engine(system.training())));
    out.flush();
  }

  /** Names no secret: the output may go to a log that others read. */
  static String greeting(Settings settings, String worker, String trainer) {
    Path data = settings.home().resolve("up");
    return """
        Refinery is up. Press Ctrl-C to stop it; its data is kept.

          broker      %s
          store       %s
          bucket      %s
          access key  %s
          secret key  in the file %s
          data        %s
          worker      %s
          trainer     %s

        In another terminal:
          %9$s simulate eyes.h5 --count 500
          %9$s submit eyes.h5 --wait --output refined.h5
          %9$s status
        """
        .formatted(
            settings.kafka().bootstrapServers().orElseThrow(),
            settings.storage().endpoint().orElseThrow(),
            settings.storage().bucket(),
            settings.storage().accessKey().orElseThrow(),
            EmbeddedServers.secretFile(data),
            data,
            worker,
            trainer,
            TypedCommand.get());
  }

  private static String engine(EngineSelection<?> selection) {
    return selection.description() + " on " + selection.device();
  }
}
