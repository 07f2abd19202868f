package io.refinery.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.Bundles;
import io.refinery.console.Commands.Answer;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.ShippedModel;
import io.refinery.console.train.TrainerFactory;
import io.refinery.console.work.WorkerFactory;
import io.refinery.message.ChannelMoveEvent;
import io.refinery.registry.MoveReason;
import io.refinery.storage.ObjectRef;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.trainer.service.TrainerService;
import io.refinery.worker.Worker;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as users see them, with a running worker. */
@StackTest
class CommandLineIT {

  private static final int COUNT = 40;

  @TempDir Path folder;

  private final Stack stack;
  private Commands commands;
  private Connections connections;
  private Worker worker;

  CommandLineIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void start() throws Exception {
    commands = new Commands(stack, folder.resolve("home"));
    connections = commands.connect();
    worker = WorkerFactory.start(connections);
    ShippedModel.publishWhereMissing(connections.registry(), connections.channelMover());
  }

  @AfterEach
  void stop() {
    worker.close();
    connections.close();
  }

  private Answer refinery(String... command) {
    return commands.refinery(command);
  }

  private Path simulated(String name) {
    return Commands.simulate(folder.resolve(name), COUNT);
  }

  @Test
  void aSubmittedBundleIsRefined() throws Exception {
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
    assertThat(refinery("status", id).out()).contains("\"status\":\"succeeded\"");
  }

  @Test
  void aFailedJobSaysWhyAndExitsWithOne() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.h5"), "no bundle at all");
    String id = "job-" + UUID.randomUUID();

    Answer answer = refinery("submit", broken.toString(), "--id", id, "--wait");

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.err()).contains("NOT_A_BUNDLE");
    assertThat(refinery("status", id).code()).isEqualTo(1);
  }

  @Test
  void anUnknownModelIsRefusedWithAListOfKnownModels() {
    Answer answer =
        refinery("submit", simulated("eyes.h5").toString(), "--model", "noses@stable", "--wait");

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.err()).contains("NO_SUCH_MODEL").contains("eyes");
  }

  @Test
  void aCheckSaysWhetherAWorkerRefinesTheBundleWithAModel() throws Exception {
    for (Path fitting : List.of(simulated("eyes.h5"), zip("equal_channels.zip", 0x707070))) {
      Answer fits = refinery("bundle", "check", fitting.toString(), "--model", "eyes@1");
      assertThat(fits.out()).contains("model    eyes@1 refines gray images: it fits");
      assertThat(fits.code()).as(fits.err()).isZero();
    }
    String colour = zip("colour.zip", 0x707172).toString();
    Answer unfit = refinery("bundle", "check", colour, "--model", "eyes@1");
    assertThat(unfit.out()).contains("model    eyes@1 refines gray images: it does not fit");
    assertThat(unfit.err()).contains("NOT_GRAY: Image '0.png'");
    assertThat(unfit.code()).isEqualTo(1);
    for (String wrong : List.of("noses@stable", "eyes@99", "EYES@1")) {
      Answer unknown = refinery("bundle", "check", colour, "--model", wrong);
      assertThat(unknown.err()).startsWith("refinery: --model: ");
      assertThat(unknown.out()).isEmpty();
      assertThat(unknown.code()).isEqualTo(2);
    }
  }

  /** Returns a ZIP of two RGB images of one colour each. */
  private Path zip(String name, int colour) throws IOException {
    BufferedImage image = new BufferedImage(55, 35, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 3, colour);
    Path zip = folder.resolve(name);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String file : List.of("0.png", "1.png")) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        out.putNextEntry(new ZipEntry(file));
        out.write(png.toByteArray());
      }
    }
    return zip;
  }

  @Test
  void promotingMovesTheChannel() {
    assertThat(refinery("models", "promote", "eyes@1", "--channel", "night").out())
        .contains("eyes@night is now eyes@1");
    assertThat(refinery("models").out()).contains("night").contains("stable");
    assertThat(refinery("models", "promote", "eyes@stable").code()).isEqualTo(2);
    assertThat(refinery("models", "promote", "eyes@99").err()).contains("99");
  }

  @Test
  void aRollbackRestoresThePreviousVersionAndTheLogSaysWhoMovedWhatAndWhy() throws Exception {
    String[] publish = {"models", "import", folder.resolve("exported").toString()};
    assertThat(refinery("models", "export", "eyes@1", publish[2]).code()).isZero();
    String second = refinery(publish).out().split(" ", 2)[0];
    String by = System.getProperty("user.name") + "@";

    assertThat(
            refinery("models", "promote", second, "--channel", "day", "--reason", "sharper").code())
        .isZero();
    Answer nowhere = refinery("models", "rollback", "eyes", "--channel", "day");
    assertThat(nowhere.code()).isEqualTo(1);
    assertThat(nowhere.err()).contains("eyes@day is " + second, "no version before");
    assertThat(refinery("models", "promote", "eyes@1", "--channel", "day").code()).isZero();
    Answer back = refinery("models", "rollback", "eyes", "--channel", "day", "--by", "anna");

    assertThat(back.out()).contains("eyes@day is now " + second + "; it was eyes@1.");
    String number = second.substring("eyes@".length());
    assertThat(refinery("models", "log", "eyes").out().lines().filter(line -> line.contains("day")))
        .satisfiesExactly(
            line -> assertThat(line).contains("-> " + number, "promotion", by, "sharper"),
            line -> assertThat(line).contains(number + " -> 1", "promotion", by),
            line -> assertThat(line).contains("1 -> " + number, "rollback", "anna"));
    assertThat(refinery("models", "log", "noses").err()).contains("no model noses");
    assertThat(refinery("models", "log", "eyes@1").code()).isEqualTo(2);
  }

  @Test
  void anInterruptedPublicationOfTheShippedModelIsCompleted() throws Exception {
    int versions = connections.registry().versions(ShippedModel.NAME).size();
    connections
        .storage()
        .delete(new ObjectRef(connections.bucket(), "models/eyes/channels/stable.json"));
    assertThat(connections.registry().channels("eyes")).doesNotContainKey("stable");

    ShippedModel.publishWhereMissing(connections.registry(), connections.channelMover());

    assertThat(connections.registry().channels("eyes").get("stable").version()).isEqualTo(1);
    assertThat(connections.registry().versions(ShippedModel.NAME)).hasSize(versions);
  }

  @Test
  void aMoveIsAnnouncedOnBothTopics() {
    assertThat(refinery("models", "promote", "eyes@1", "--channel", "told", "--reason", "why not"))
        .extracting(Answer::code)
        .isEqualTo(0);

    for (String topic : List.of(connections.topics().models(), connections.topics().events())) {
      assertThat(moves(topic, "eyes@told"))
          .singleElement()
          .satisfies(
              move -> {
                assertThat(move.model()).hasToString("eyes@1");
                assertThat(move.cause()).contains(MoveReason.Cause.PROMOTION);
                assertThat(move.reason()).contains("why not");
              });
    }
  }

  /** Reads the moves of one channel from a topic with one partition. */
  private List<ChannelMoveEvent> moves(String topic, String key) {
    TopicPartition partition = new TopicPartition(topic, 0);
    List<ChannelMoveEvent> moves = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            connections.kafka(), new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, byte[]> read : consumer.poll(Duration.ofSeconds(1))) {
          if (key.equals(read.key())) {
            moves.add(ChannelMoveEvent.parse(read.value()));
          }
        }
      }
    }
    return moves;
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
  void aTrainerServicePublishesASubmittedTrainingWhichRunningWorkersServe() {
    String id = "training-" + UUID.randomUUID().toString().substring(0, 8);
    Path bundle = simulated("synthetic.h5");
    try (TrainerService trainer = TrainerFactory.start(connections)) {
      Answer answer = commands.submitShortTraining(id, bundle, "--wait");

      assertThat(answer.code()).as(answer.err()).isZero();
      Matcher published = Pattern.compile("(eyes@\\d+) is published").matcher(answer.out());
      assertThat(published.find()).as(answer.out()).isTrue();
      Answer refined = refinery("submit", bundle.toString(), "--model", "eyes@latest", "--wait");
      assertThat(refined.out()).contains(published.group(1));
      assertThat(refinery("trainings").out()).containsPattern(id + " +eyes@\\d+ +published");
      Answer late = refinery("trainings", "cancel", id);
      assertThat(late.code()).isEqualTo(2);
      assertThat(late.err()).contains("has already ended: published");
      assertThat(trainer.health().training()).isEmpty();
    }
  }

  @Test
  void anUnknownTrainingIsNamed() {
    Answer answer = refinery("trainings", "pause", "nothing");
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).contains("no training 'nothing'");
  }

  @Test
  void aMissingFileIsNamedBeforeAnythingIsSent() {
    Answer answer = refinery("submit", folder.resolve("missing.h5").toString());
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).contains("missing.h5");
  }

  @Test
  void anUnreachableStoreExitsWithThree() {
    Answer answer =
        Commands.run(
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
  void everyCommandHasHelp() {
    for (String command : Refinery.commandLine().getSubcommands().keySet()) {
      Answer answer = Commands.run("help", command);
      assertThat(answer.out()).as(command).contains("Usage:");
    }
    for (String command : List.of("promote", "rollback", "log", "show", "export", "import")) {
      Answer answer = Commands.run("models", command, "--help");
      assertThat(answer.out()).as(command).contains("Usage: refinery models " + command);
    }
  }
}
