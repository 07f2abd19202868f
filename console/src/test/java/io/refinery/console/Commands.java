package io.refinery.console;

import io.refinery.broker.TopicSetup;
import io.refinery.console.config.Configuration;
import io.refinery.console.connection.Connections;
import io.refinery.testkit.Stack;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine;

/** Runs commands in this process, as from a shell, with the settings of one stack. */
final class Commands {

  private static final List<String> SHORT_PLAN =
      List.of(
          "schedule.batch=2",
          "schedule.historySize=2",
          "schedule.discriminatorPretraining=0",
          "schedule.steps=1",
          "schedule.refinerUpdates=1",
          "feed.heldOut=2",
          "evaluation.locatorSteps=0",
          "evaluation.featureSteps=0",
          "evaluation.discriminatorSteps=0",
          "evaluation.gazeSteps=0");

  record Answer(int code, String out, String err) {}

  private final Map<String, String> settings = new HashMap<>();

  /**
   * @param home folder for data that the commands keep
   */
  Commands(Stack stack, Path home) {
    this(stack, home, Map.of());
  }

  /**
   * @param home folder for data that the commands keep
   * @param more settings, which override those of the stack
   */
  Commands(Stack stack, Path home, Map<String, String> more) {
    settings.put("refinery.kafka.bootstrap-servers", stack.bootstrapServers());
    // A client that closes waits for the end of its last fetch.
    settings.put("refinery.kafka.properties.fetch.max.wait.ms", "50");
    settings.put("refinery.kafka.topic-prefix", stack.name("topics."));
    settings.put("refinery.storage.endpoint", stack.s3Endpoint().toString());
    settings.put("refinery.storage.access-key", stack.accessKey());
    settings.put("refinery.storage.secret-key", stack.secretKey());
    settings.put("refinery.storage.bucket", stack.bucket());
    settings.put("refinery.worker.group", stack.name("workers"));
    settings.put("refinery.trainer.group", stack.name("trainers"));
    settings.put("refinery.home", home.toString());
    settings.putAll(more);
  }

  /** Returns the settings that connect to the stack. */
  Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  /** Returns connections like those of the commands; creates bucket and topics. */
  Connections connect() {
    Connections connections =
        Connections.open(
            Configuration.load(Map.of(), Optional.empty(), Map.of(), settings).settings());
    connections.storage().ensureBucket(connections.bucket());
    try (Admin admin = connections.admin()) {
      new TopicSetup(admin, connections.topics()).ensureTopics(1, (short) 1);
    }
    return connections;
  }

  /** Returns {@code command} with the flags that connect it to the stack. */
  List<String> connected(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    settings.forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
    return all;
  }

  /** Runs a command against the stack. */
  Answer refinery(String... command) {
    return run(connected(command).toArray(String[]::new));
  }

  /** Runs a command without further flags. */
  static Answer run(String... command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Refinery.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    return new Answer(line.execute(command), out.toString(), err.toString());
  }

  /** Simulates a bundle of images. */
  static Path simulate(Path bundle, int count, String... more) {
    Stream<String> command =
        Stream.of("simulate", bundle.toString(), "--count", Integer.toString(count));
    Answer answer = run(Stream.concat(command, Stream.of(more)).toArray(String[]::new));
    if (answer.code() != 0) {
      throw new IllegalStateException(answer.err());
    }
    return bundle;
  }

  /**
   * Requests the shortest possible training: one step with a mini-batch of two.
   *
   * @param bundle the synthetic images; the real ones are simulated next to it
   */
  Answer submitShortTraining(String id, Path bundle, String... more) {
    Path camera = simulate(bundle.resolveSibling(id + "-camera.h5"), 12, "--camera");
    Stream<String> command =
        Stream.of("train", "--model", "eyes", "--from", "eyes@1", "--preset", "quick");
    Stream<String> data =
        Stream.of("--synthetic", bundle.toString(), "--real", camera.toString(), "--id", id);
    Stream<String> plan = SHORT_PLAN.stream().flatMap(one -> Stream.of("--plan", one));
    Stream<String> rest = Stream.concat(Stream.of("--submit"), Stream.of(more));
    return refinery(
        Stream.of(command, data, plan, rest).flatMap(part -> part).toArray(String[]::new));
  }
}
