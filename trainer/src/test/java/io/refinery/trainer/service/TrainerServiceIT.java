package io.refinery.trainer.service;

import static io.refinery.trainer.service.TrainerFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.engine.DeviceFailedException;
import io.refinery.message.TrainingControl.Action;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.status.Status;
import io.refinery.storage.StorageException.Kind;
import io.refinery.testkit.ConcurrentTest;
import io.refinery.testkit.FailingStorage;
import io.refinery.testkit.MetricFamilies;
import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import io.refinery.testkit.SwitchedStorage;
import io.refinery.trainer.TrainingResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests trainings that are requested through a topic. */
@StackTest
class TrainerServiceIT {

  private static final int FEW = 6;
  private static final int SOME = 60;
  private static final int ENDLESS = 1_000_000;

  @TempDir Path folder;
  private final Stack stack;
  private TrainerFixture fixture;

  TrainerServiceIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void prepare() throws Exception {
    fixture = new TrainerFixture(stack, folder);
  }

  @AfterEach
  void tidy() {
    fixture.close();
  }

  @ConcurrentTest
  void aRequestedTrainingIsPublishedAndASecondRequestReceivesItsOutcome() throws Exception {
    try (TrainerService trainer = fixture.start("trainer")) {
      String training = fixture.submit(fixture.order("plain", FEW, 0));
      TrainingUpdate published = fixture.awaitTold(training, State.PUBLISHED);

      assertThat(published.version().orElseThrow().name()).isEqualTo(fixture.model);
      assertThat(published.metrics()).containsKey("refiner.loss");
      assertThat(fixture.notices(training).stream().map(TrainingUpdate::state))
          .contains(
              State.QUEUED, State.STARTED, State.PRE_TRAINING, State.TRAINING, State.EVALUATING);
      assertThat(fixture.states.outcome(training)).contains(published);

      fixture.submit(fixture.order("plain", FEW, 0));
      assertThat(fixture.awaitTold(training, State.PUBLISHED, 2)).isEqualTo(published);
      assertThat(fixture.told(training, State.EVALUATING)).hasSize(1);
      assertThat(fixture.registry.versions(fixture.model)).containsExactly(1);
      assertThat(fixture.checkpoints(training)).isZero();
      await().atMost(PATIENCE).until(() -> trainer.health().training().isEmpty());
      assertThat(trainer.health().status()).isEqualTo(Status.UP);
      assertThat(trainer.metrics()).contains("refinery_training_steps_total 11.0");
      assertThat(fixture.leftovers()).isEmpty();
    }
  }

  @ConcurrentTest
  void aTrainerServesTheMetricsThatAreDocumentedAndNoOthers() throws Exception {
    try (TrainerService trainer = fixture.start("trainer")) {
      fixture.awaitTold(fixture.submit(fixture.order("metered", FEW, 0)), State.PUBLISHED);
      await().atMost(PATIENCE).until(() -> trainer.metrics().contains("state=\"published\""));
      Map<String, String> documented =
          MetricFamilies.documented("Metrics of a trainer", "Metrics of the process");
      assertThat(MetricFamilies.served(trainer.metrics(), documented)).isEqualTo(documented);
      assertThat(trainer.live().status()).isEqualTo(Status.UP);
      assertThat(trainer.ready().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aRequestIsReportedAsWaitingWhileAnotherTrainingRuns() {
    try (TrainerService trainer = fixture.start("trainer")) {
      String first = fixture.submit(fixture.order("first", ENDLESS, 0));
      fixture.awaitTold(first, State.TRAINING);
      String second = fixture.submit(fixture.order("second", FEW, 0));
      fixture.awaitTold(second, State.QUEUED);

      assertThat(fixture.told(second, State.STARTED)).isEmpty();
      assertThat(fixture.states.state(second).orElseThrow().state()).isEqualTo(State.QUEUED);
      assertThat(trainer.health().training().orElseThrow().id()).isEqualTo(first);
      fixture.control(first, Action.CANCEL);
      fixture.awaitTold(second, State.PUBLISHED);
    }
  }

  @ConcurrentTest
  void aCancelledTrainingPublishesNothingAndLeavesNoCheckpoint() {
    try (TrainerService trainer = fixture.start("trainer")) {
      String training = fixture.submit(fixture.order("cancelled", ENDLESS, 20));
      fixture.awaitTold(training, State.CHECKPOINT);
      fixture.control(training, Action.CANCEL);
      TrainingUpdate cancelled = fixture.awaitTold(training, State.CANCELLED);

      assertThat(fixture.registry.versions(fixture.model)).isEmpty();
      assertThat(fixture.states.outcome(training)).contains(cancelled);
      await().atMost(PATIENCE).until(() -> fixture.checkpoints(training) == 0);
      assertThat(trainer.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aTrainingCancelledWhileWaitingIsNeverStarted() {
    String training = fixture.submit(fixture.order("waiting", ENDLESS, 0));
    fixture.control(training, Action.CANCEL);

    try (TrainerService trainer = fixture.start("trainer")) {
      fixture.awaitTold(training, State.CANCELLED);
      assertThat(fixture.told(training, State.STARTED)).isEmpty();
      assertThat(trainer.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aPausedTrainingResumesFromItsCheckpointWhenRequestedAgain() {
    GatedStorage gate = new GatedStorage(fixture.storage, "/checkpoints/", 0);
    try (TrainerService trainer = TrainerService.start(fixture.config("trainer"), gate.storage())) {
      TrainingRequest order = fixture.order("paused", SOME, 1);
      String training = pause(order, gate);
      assertThat(fixture.checkpoints(training)).isPositive();
      assertThat(fixture.states.state(training).orElseThrow().state()).isEqualTo(State.PAUSED);

      gate.let(ENDLESS);
      fixture.submit(order);
      TrainingUpdate published = fixture.awaitTold(training, State.PUBLISHED);

      assertThat(fixture.notices(training))
          .anyMatch(notice -> notice.detail().orElse("").startsWith("Resumed after step"));
      assertThat(published.version().orElseThrow().number()).isEqualTo(1);
      assertThat(trainer.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void anotherRequestWithTheIdOfAPausedTrainingIsRefusedAndTheTrainingStillResumes() {
    GatedStorage gate = new GatedStorage(fixture.storage, "/checkpoints/", 0);
    try (TrainerService trainer = TrainerService.start(fixture.config("trainer"), gate.storage())) {
      TrainingRequest order = fixture.order("kept", SOME, 1);
      String training = pause(order, gate);

      fixture.submit(fixture.order("kept", SOME + 1, 1));
      TrainingUpdate refused = fixture.awaitTold(training, State.REFUSED);
      assertThat(refused.detail().orElseThrow()).contains("Use another id");
      fixture.send(fixture.topics.trainings(), training, "{}".getBytes(StandardCharsets.UTF_8));
      fixture.awaitTold(training, State.REFUSED, 2);
      assertThat(fixture.records(fixture.topics.dead(), training)).hasSize(2);
      assertThat(fixture.states.state(training).orElseThrow().state()).isEqualTo(State.PAUSED);
      assertThat(fixture.checkpoints(training)).isPositive();

      gate.let(ENDLESS);
      fixture.submit(order);
      fixture.awaitTold(training, State.PUBLISHED);
      fixture.submit(fixture.order("kept", SOME + 1, 1));
      fixture.awaitTold(training, State.REFUSED, 3);
      assertThat(fixture.told(training, State.PUBLISHED)).hasSize(1);
      assertThat(fixture.told(training, State.FAILED)).isEmpty();
      assertThat(trainer.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aRequestOfAnAbortedTransactionIsNeitherQueuedNorStarted() throws Exception {
    TrainingRequest aborted = fixture.order("aborted", FEW, 0);
    try (TrainerService trainer = fixture.start("trainer");
        KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                Map.of(
                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    stack.bootstrapServers(),
                    ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                    fixture.group),
                new StringSerializer(),
                new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer
          .send(new ProducerRecord<>(fixture.topics.trainings(), aborted.id(), aborted.toJson()))
          .get();
      producer.abortTransaction();

      String next = fixture.submit(fixture.order("behind", FEW, 0));
      fixture.awaitTold(next, State.PUBLISHED);
      assertThat(fixture.notices(aborted.id())).isEmpty();
      assertThat(trainer.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aPausedTrainingCanBeCancelled() {
    GatedStorage gate = new GatedStorage(fixture.storage, "/checkpoints/", 0);
    try (TrainerService trainer = TrainerService.start(fixture.config("trainer"), gate.storage())) {
      String training = pause(fixture.order("ended", SOME, 1), gate);
      fixture.control(training, Action.CANCEL);

      fixture.awaitTold(training, State.CANCELLED);
      assertThat(fixture.checkpoints(training)).isZero();
      assertThat(trainer.health().status()).isEqualTo(Status.UP);
    }
  }

  /** Allows one checkpoint at a time until the training has received the pause. */
  private String pause(TrainingRequest order, GatedStorage gate) {
    String training = fixture.submit(order);
    await().atMost(PATIENCE).until(gate::isReached);
    fixture.control(training, Action.PAUSE);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              gate.let(1);
              return !fixture.told(training, State.PAUSED).isEmpty();
            });
    return training;
  }

  @ConcurrentTest
  void aStoppingTrainerSavesACheckpointAndAnotherResumes() {
    GatedStorage gate = new GatedStorage(fixture.storage, "/checkpoints/", 1);
    TrainerService first = TrainerService.start(fixture.config("first"), gate.storage());
    String training = fixture.submit(fixture.order("handed-on", SOME, 10));
    await().atMost(PATIENCE).until(gate::isReached);
    gate.let(ENDLESS);
    first.close();
    fixture.awaitTold(training, State.RELEASED);

    try (TrainerService second = fixture.start("second")) {
      assertThat(fixture.awaitTold(training, State.PUBLISHED).trainer()).isEqualTo(second.name());
      assertThat(fixture.registry.versions(fixture.model)).containsExactly(1);
    }
  }

  @ConcurrentTest
  void aTrainingStartedByAnotherEngineWaitsForItWithItsCheckpoint() throws Exception {
    TrainingRequest order = fixture.order("elsewhere", SOME, 0);
    fixture.begin(order, "abacus");
    try (TrainerService trainer = fixture.start("trainer")) {
      String training = fixture.submit(order);
      TrainingUpdate paused = fixture.awaitTold(training, State.PAUSED);

      assertThat(paused.detail().orElseThrow()).contains("started by the engine abacus");
      assertThat(fixture.checkpoints(training)).isEqualTo(1);
      assertThat(fixture.states.outcome(training)).isEmpty();
      assertThat(trainer.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aTrainingThatAGuardFailsKeepsItsCheckpointForACommandWithItsId() throws Exception {
    TrainingRequest request = wild("rejected");
    try (TrainerService trainer = fixture.start("trainer")) {
      TrainingUpdate failed = fixture.awaitTold(fixture.submit(request), State.FAILED);
      assertThat(failed.detail().orElseThrow()).contains("before publication");
      await().atMost(PATIENCE).until(() -> trainer.health().training().isEmpty());
      assertThat(fixture.checkpoints(request.id())).isEqualTo(1);
    }

    assertThat(
            fixture.trainHere(
                request, Map.of("guards.saturation", "WARN", "guards.collapse", "WARN")))
        .isInstanceOf(TrainingResult.Published.class);
    assertThat(fixture.registry.versions(fixture.model)).containsExactly(1);
    assertThat(fixture.checkpoints(request.id())).isZero();
  }

  @ConcurrentTest
  void cancellingAFailedTrainingRemovesItsCheckpoint() {
    TrainingRequest request = wild("rejected-and-dropped");
    try (TrainerService trainer = fixture.start("trainer")) {
      fixture.awaitTold(fixture.submit(request), State.FAILED);
      await().atMost(PATIENCE).until(() -> trainer.health().training().isEmpty());
      assertThat(fixture.checkpoints(request.id())).isEqualTo(1);
      fixture.control(request.id(), Action.CANCEL);
      await().atMost(PATIENCE).until(() -> fixture.checkpoints(request.id()) == 0);
      assertThat(fixture.states.outcome(request.id()).orElseThrow().state())
          .isEqualTo(State.FAILED);
    }
  }

  /** Returns a request for a training whose version is rejected. */
  private TrainingRequest wild(String name) {
    TrainingRequest order = fixture.order(name, FEW, 0);
    Map<String, String> plan = new TreeMap<>(order.plan());
    plan.put("refinerOptimizer.learningRate", "10");
    return new TrainingRequest(
        order.id(),
        order.model(),
        order.synthetic(),
        order.real(),
        order.preset(),
        plan,
        order.from(),
        order.realCaption(),
        order.labelledReal());
  }

  /** The device fails when the second checkpoint is about to be written. */
  @ConcurrentTest
  void aTrainerWhoseDeviceIsLostReleasesItsTrainingWithItsLastCheckpoint() throws Exception {
    AtomicInteger uploads = new AtomicInteger();
    FailingStorage failing =
        new FailingStorage(
            fixture.storage,
            "upload",
            ref -> ref.key().contains("/checkpoints/") && uploads.incrementAndGet() == 2,
            1,
            () -> new DeviceFailedException("CUDA failure 719: unspecified launch failure", null));
    String training = fixture.submit(fixture.order("lost", SOME, 10));
    try (TrainerService first = TrainerService.start(fixture.config("first"), failing.storage())) {
      assertThat(first.deviceLost().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .hasMessageContaining("unspecified launch failure");
      assertThat(first.health().status()).isEqualTo(Status.DOWN);
      fixture.awaitTold(training, State.RELEASED);
    }

    try (TrainerService second = fixture.start("second")) {
      assertThat(fixture.awaitTold(training, State.PUBLISHED).trainer()).isEqualTo(second.name());
      assertThat(fixture.notices(training))
          .anyMatch(notice -> notice.detail().orElse("").startsWith("Resumed after step 10 of"));
    }
  }

  @ConcurrentTest
  void aMalformedRequestIsAnsweredWithAReasonAndSentToTheDeadLetters() {
    String training = fixture.trainingId("malformed");
    fixture.send(
        fixture.topics.trainings(),
        training,
        "{\"model\": \"Eyes\", \"synthetic\": 7}".getBytes(StandardCharsets.UTF_8));
    try (TrainerService trainer = fixture.start("trainer")) {
      TrainingUpdate failed = fixture.awaitTold(training, State.FAILED);
      assertThat(failed.detail().orElseThrow()).contains("'model'");
      assertThat(fixture.records(fixture.topics.dead(), training)).hasSize(1);

      String next = fixture.submit(fixture.order("next", FEW, 0));
      fixture.awaitTold(next, State.PUBLISHED);
      assertThat(trainer.health().status()).isEqualTo(Status.UP);
    }
  }

  /** The dead letter has more headers than the topic of requests allows for. */
  @ConcurrentTest
  void aRequestAsLargeAsATopicAllowsIsAnsweredAndDoesNotKeepLaterOnesWaiting() {
    String training = fixture.trainingId("oversized");
    byte[] oversized = new byte[(1 << 20) - 256];
    Arrays.fill(oversized, (byte) ' ');
    fixture.send(fixture.topics.trainings(), training, oversized);
    try (TrainerService trainer = fixture.start("trainer")) {
      String next = fixture.submit(fixture.order("behind-it", FEW, 0));

      TrainingUpdate failed = fixture.awaitTold(training, State.FAILED);
      assertThat(failed.detail().orElseThrow()).contains("1,048,320 bytes");
      assertThat(fixture.records(fixture.topics.dead(), training)).hasSize(1);
      fixture.awaitTold(next, State.QUEUED);
      fixture.awaitTold(next, State.PUBLISHED);
      assertThat(trainer.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void badDataFailsTheTrainingWithASentenceButNotTheTrainer() {
    TrainingRequest good = fixture.order("no-data", FEW, 0);
    fixture.storage.put(fixture.ref("synthetic/one.h5"), new byte[] {1, 2, 3});
    try (TrainerService trainer = fixture.start("trainer")) {
      String training = fixture.submit(good);
      TrainingUpdate failed = fixture.awaitTold(training, State.FAILED);

      assertThat(failed.detail().orElseThrow()).contains("one.h5");
      assertThat(fixture.states.outcome(training)).contains(failed);
      assertThat(trainer.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void aPassingFailureOfTheStoreIsRetriedFromTheLastCheckpoint() {
    FailingStorage failing =
        new FailingStorage(
            fixture.storage, "upload", ref -> ref.key().contains("/checkpoints/"), 2);
    try (TrainerService trainer =
        TrainerService.start(fixture.config("trainer"), failing.storage())) {
      String training = fixture.submit(fixture.order("passing", SOME, 10));

      fixture.awaitTold(training, State.PUBLISHED);
      assertThat(fixture.told(training, State.RELEASED)).hasSize(2);
      assertThat(fixture.told(training, State.FAILED)).isEmpty();
      assertThat(trainer.health().status()).isEqualTo(Status.UP);
    }
  }

  @ConcurrentTest
  void anOutageOfTheStoreIsWaitedOut() {
    SwitchedStorage store = new SwitchedStorage(fixture.storage);
    try (TrainerService trainer =
        TrainerService.start(fixture.config("trainer"), store.storage())) {
      String training = fixture.submit(fixture.order("outage", SOME, 0));
      fixture.awaitTold(training, State.STARTED);
      store.off(Kind.UNAVAILABLE);
      await().atMost(PATIENCE).until(() -> trainer.health().status() == Status.DOWN);
      store.on();

      fixture.awaitTold(training, State.PUBLISHED);
      assertThat(fixture.told(training, State.RELEASED)).isEmpty();
      await().atMost(PATIENCE).until(() -> trainer.health().status() == Status.UP);
    }
  }
}
