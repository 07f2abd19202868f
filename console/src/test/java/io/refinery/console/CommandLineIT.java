package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.Bundles;
import io.refinery.console.config.Configuration;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.Channels;
import io.refinery.console.models.ShippedModel;
import io.refinery.console.work.Workers;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.worker.Worker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a user sees of the commands, against a running worker. */
@StackTest
class CommandLineIT {

  private static final int COUNT = 40;

  @TempDir Path folder;

  private final Map<String, String> settings;
  private Connections connections;
  private Worker worker;

  CommandLineIT(Stack stack) {
    settings =
        Map.of(
            "refinery.kafka.bootstrap-servers", stack.bootstrapServers(),
            "refinery.kafka.topic-prefix", stack.name("topics."),
            "refinery.storage.endpoint", stack.s3Endpoint().toString(),
            "refinery.storage.access-key", stack.accessKey(),
            "refinery.storage.secret-key", stack.secretKey(),
            "refinery.storage.bucket", stack.bucket(),
            "refinery.worker.group", stack.name("workers"));
  }

  @BeforeEach
  void start() throws Exception {
    connections =
        Connections.open(
            Configuration.load(Map.of(), Optional.empty(), Map.of(), withHome()).settings());
    connections.storage().ensureBucket(connections.bucket());
    worker = Workers.start(connections);
    ShippedModel.publishWhereMissing(connections.registry(), new Channels(connections));
  }

  @AfterEach
  void stop() {
    worker.close();
    connections.close();
  }

  private Map<String, String> withHome() {
    Map<String, String> all = new HashMap<>(settings);
    all.put("refinery.home", folder.resolve("home").toString());
    return all;
  }

  private record Answer(int code, String out, String err) {}

  private Answer refinery(String... arguments) {
    return run(true, arguments);
  }

  private Answer run(boolean connected, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    if (connected) {
      withHome().forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
    }
    CommandLine line =
        Refinery.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    return new Answer(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
  }

  private Path simulated(String name) {
    Path bundle = folder.resolve(name);
    assertThat(run(false, "simulate", bundle.toString(), "--count", "" + COUNT).code()).isZero();
    return bundle;
  }

  @Test
  void aBundleThatIsSubmittedComesBackRefined() throws Exception {
    Path refined = folder.resolve("refined.h5");
    String id = "job-" + UUID.randomUUID();

    Answer answer =
        refinery(
            "submit", simulated("eyes.h5").toString(), "--id", id, "--output", refined.toString());

    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(answer.out()).contains(id).contains("eyes@");
    try (BundleReader reader = Bundles.open(refined, BundleLimits.DEFAULT)) {
      assertThat(reader.info().count()).isEqualTo(COUNT);
      assertThat(reader.info().labels()).contains("look_vec", "iris_center", "pupil_center");
    }
    assertThat(refinery("status", id).out()).contains("\"status\" : \"succeeded\"");
  }

  @Test
  void aJobThatFailsSaysWhyAndExitsWithOne() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.h5"), "no bundle at all");
    String id = "job-" + UUID.randomUUID();

    Answer answer = refinery("submit", broken.toString(), "--id", id, "--wait");

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.err()).contains("NOT_A_BUNDLE");
    assertThat(refinery("status", id).code()).isEqualTo(1);
  }

  @Test
  void aModelThatIsNotThereIsAnsweredWithThoseThatAre() {
    Answer answer =
        refinery("submit", simulated("eyes.h5").toString(), "--model", "noses@stable", "--wait");

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.err()).contains("NO_SUCH_MODEL").contains("eyes");
  }

  @Test
  void promotingMovesTheChannelThatModelsShows() {
    assertThat(refinery("models", "promote", "eyes@1", "--channel", "night").out())
        .contains("eyes@night is eyes@1");
    assertThat(refinery("models").out()).contains("night").contains("stable");
    assertThat(refinery("models", "promote", "eyes@stable").code()).isEqualTo(2);
    assertThat(refinery("models", "promote", "eyes@99").err()).contains("99");
  }

  @Test
  void aModelSurvivesExportAndImportAndAChangedFileIsRefused() throws Exception {
    Path exported = folder.resolve("exported");
    assertThat(refinery("models", "export", "eyes@1", exported.toString()).code()).isZero();
    assertThat(exported.resolve("refiner.onnx")).isNotEmptyFile();
    assertThat(refinery("models", "import", exported.toString(), "--name", "copies").out())
        .contains("copies@1");

    Files.writeString(exported.resolve("refiner.onnx"), "another");
    Answer changed = refinery("models", "import", exported.toString(), "--name", "copies");
    assertThat(changed.code()).isEqualTo(2);
    assertThat(changed.err()).contains("refiner.onnx");
  }

  @Test
  void statusNamesTheWorker() {
    assertThat(refinery("status").out()).contains("workers  1").contains("model    eyes");
  }

  @Test
  void aFileThatIsNotThereIsNamedBeforeAnythingIsSent() {
    Answer answer = refinery("submit", folder.resolve("missing.h5").toString());
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).contains("missing.h5");
  }

  @Test
  void aStoreThatDoesNotAnswerExitsWithThree() {
    Answer answer =
        run(
            false,
            "models",
            "--s3",
            "http://127.0.0.1:1",
            "--set",
            "refinery.storage.access-key=a",
            "--set",
            "refinery.storage.secret-key=b");
    assertThat(answer.code()).as(answer.err()).isEqualTo(3);
  }

  @Test
  void everyCommandExplainsItself() {
    for (String command : Refinery.commandLine().getSubcommands().keySet()) {
      Answer answer = run(false, "help", command);
      assertThat(answer.out()).as(command).contains("Usage:");
    }
  }
}
