package io.refinery.trainer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.refinery.broker.MessageSender;
import io.refinery.message.TrainingControl;
import io.refinery.message.TrainingControl.Action;
import io.refinery.storage.StorageException;
import io.refinery.testkit.MemoryTopic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrainingControlsTest {

  private static final String TOPIC = "trainings.control";
  private static final Instant NOON = Instant.parse("2024-05-06T12:00:00Z");

  /** A training that is cancelled at once: what was asked before it has been dealt with. */
  private static final String FENCE = "fence";

  private final MemoryTopic topic = new MemoryTopic(TOPIC);
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final MessageSender sender = new MessageSender(producer, "trainer-1");
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void noConsumerStaysOpen() {
    sender.close();
    assertThat(topic.open()).isZero();
  }

  @Test
  void onlyTheLastControlOfATrainingCounts() {
    control("mine", Action.PAUSE, NOON);
    control("other", Action.CANCEL, NOON);
    control("mine", Action.CANCEL, NOON.plusSeconds(1));
    control("other", Action.PAUSE, NOON.plusSeconds(1));
    try (TrainingControls controls = controls(this::refuse)) {
      assertThat(controls.wanted("mine", NOON)).contains(Action.CANCEL);
      assertThat(controls.wanted("other", NOON)).contains(Action.PAUSE);
      awaitFence();
      assertThat(asked).containsExactly("mine at 2024-05-06T12:00:01Z", FENCE);
    }
  }

  @Test
  void aTombstoneTakesAControlBack() {
    control("mine", Action.CANCEL, NOON);
    topic.append("mine", null, NOON.plusSeconds(1));
    try (TrainingControls controls = controls(this::refuse)) {
      assertThat(controls.wanted("mine", NOON)).isEmpty();
      awaitFence();
      assertThat(asked).containsExactly(FENCE);
    }
  }

  @Test
  void aControlDoesNotApplyToALaterRequest() {
    control("mine", Action.PAUSE, NOON);
    try (TrainingControls controls = controls(this::refuse)) {
      assertThat(controls.wanted("mine", NOON.minusMillis(1))).contains(Action.PAUSE);
      assertThat(controls.wanted("mine", NOON)).contains(Action.PAUSE);
      assertThat(controls.wanted("mine", NOON.plusMillis(1))).isEmpty();
      assertThat(controls.wanted("other", NOON)).isEmpty();
    }
  }

  @Test
  void aControlIsHeardWhileItRuns() {
    try (TrainingControls controls = controls(this::refuse)) {
      control("mine", Action.PAUSE, NOON);
      await().until(() -> controls.wanted("mine", NOON).isPresent());
      assertThat(controls.isAlive()).isTrue();
    }
  }

  @Test
  void aMessageThatIsNotAControlIsIgnored() {
    topic.append("mine", "pause it".getBytes(StandardCharsets.UTF_8), NOON);
    topic.append(null, null, NOON);
    control("mine", Action.PAUSE, NOON);
    try (TrainingControls controls = controls(this::refuse)) {
      assertThat(controls.wanted("mine", NOON)).contains(Action.PAUSE);
      assertThat(controls.isAlive()).isTrue();
    }
  }

  @Test
  void aCancellationThatHasDoneItsWorkIsDeletedAndAnotherIsKept() {
    control("running", Action.CANCEL, NOON);
    control("paused", Action.CANCEL, NOON);
    try (TrainingControls controls = controls((id, at) -> id.equals("paused"))) {
      await().until(() -> !producer.history().isEmpty());
      assertThat(deleted()).containsExactly("paused");
      assertThat(controls.wanted("running", NOON)).contains(Action.CANCEL);
    }
  }

  @Test
  void cancellationsDoNotHoldUpTheStartHoweverSlowTheStoreIs() {
    List<String> ids = IntStream.range(0, 300).mapToObj(i -> "training-" + i).toList();
    ids.forEach(id -> control(id, Action.CANCEL, NOON));
    CountDownLatch store = new CountDownLatch(1);
    try (TrainingControls controls =
        controls(
            (id, at) -> {
              awaitUninterrupted(store);
              return true;
            })) {
      assertThat(ids).allMatch(id -> controls.wanted(id, NOON).isPresent());
      assertThat(producer.history()).isEmpty();
      store.countDown();
      await().until(() -> producer.history().size() == ids.size());
      assertThat(deleted()).containsExactlyElementsOf(ids);
    } finally {
      store.countDown();
    }
  }

  @Test
  void anOutageRetriesTheCancellation() {
    control("mine", Action.CANCEL, NOON);
    try (TrainingControls controls =
        controls(
            (id, at) -> {
              asked.add(id);
              if (asked.size() == 1) {
                throw new StorageException(StorageException.Kind.UNAVAILABLE, "no answer");
              }
              return true;
            })) {
      await().until(() -> !producer.history().isEmpty());
      assertThat(deleted()).containsExactly("mine");
      assertThat(asked).hasSize(2);
      assertThat(controls.isAlive()).isTrue();
    }
  }

  @Test
  void anErrorRetriesTheCancellation() {
    control("mine", Action.CANCEL, NOON);
    try (TrainingControls controls =
        controls(
            (id, at) -> {
              asked.add(id);
              if (asked.size() == 1) {
                throw new OutOfMemoryError("Java heap space");
              }
              return true;
            })) {
      await().until(() -> !producer.history().isEmpty());
      assertThat(deleted()).containsExactly("mine");
      assertThat(controls.isAlive()).isTrue();
    }
  }

  @Test
  void aCancellationThatFailsForAnotherReasonHoldsUpNoOther() {
    control("broken", Action.CANCEL, NOON);
    control("mine", Action.CANCEL, NOON);
    try (TrainingControls controls =
        controls(
            (id, at) -> {
              asked.add(id);
              if (id.equals("broken")) {
                throw new StorageException(StorageException.Kind.DENIED, "no right");
              }
              return true;
            })) {
      await().until(() -> !producer.history().isEmpty());
      assertThat(deleted()).containsExactly("mine");
      assertThat(asked).containsExactly("broken", "mine");
      assertThat(controls.isAlive()).isTrue();
    }
  }

  @Test
  void onlyAControlThatIsThereIsDeleted() {
    control("mine", Action.PAUSE, NOON);
    try (TrainingControls controls = controls(this::refuse)) {
      controls.clear("other");
      assertThat(producer.history()).isEmpty();
      controls.clear("mine");
      assertThat(deleted()).containsExactly("mine");
    }
  }

  @Test
  void closedItIsNotAlive() {
    TrainingControls controls = controls(this::refuse);
    assertThat(controls.isAlive()).isTrue();
    controls.close();
    assertThat(controls.isAlive()).isFalse();
  }

  private TrainingControls controls(TrainingControls.Cancellation cancellation) {
    return new TrainingControls(TOPIC, topic::fromBeginning, sender, cancellation);
  }

  private void control(String id, Action action, Instant at) {
    topic.append(id, new TrainingControl(id, action).toJson(), at);
  }

  private boolean refuse(String id, Instant at) {
    asked.add(id.equals(FENCE) ? FENCE : id + " at " + at);
    return false;
  }

  private void awaitFence() {
    control(FENCE, Action.CANCEL, NOON);
    await().until(() -> asked.contains(FENCE));
  }

  /** The keys of the tombstones that were sent; nothing else is. */
  private List<String> deleted() {
    assertThat(producer.history())
        .allSatisfy(
            record -> {
              assertThat(record.topic()).isEqualTo(TOPIC);
              assertThat(record.value()).isNull();
            });
    return producer.history().stream().map(ProducerRecord::key).toList();
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("A cancellation was interrupted", e);
    }
  }
}
