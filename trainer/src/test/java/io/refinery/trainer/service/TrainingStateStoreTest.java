package io.refinery.trainer.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingUpdate;
import io.refinery.message.TrainingUpdate.State;
import io.refinery.storage.ObjectRef;
import io.refinery.storage.StorageException;
import io.refinery.testkit.FailingStorage;
import io.refinery.testkit.MemoryStorage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingStateStoreTest {

  private static final String ID = "mine";
  private static final Instant NOON = Instant.parse("2024-05-06T12:00:00Z");

  private final MemoryStorage storage = new MemoryStorage();
  private final TrainingStateStore states = new TrainingStateStore(storage, "refinery");

  static Stream<Named<byte[]>> garbage() {
    return Stream.of(
        Named.of("no JSON", "<html>".getBytes(UTF_8)),
        Named.of("nothing", new byte[0]),
        Named.of("null", "null".getBytes(UTF_8)),
        Named.of("an empty object", "{}".getBytes(UTF_8)),
        Named.of(
            "no time",
            "{\"trainingId\":\"mine\",\"state\":\"paused\",\"order\":{}}".getBytes(UTF_8)),
        Named.of("no id", "{\"state\":\"paused\",\"at\":\"2024-05-06T12:00:00Z\"}".getBytes(UTF_8)),
        Named.of(
            "no state",
            "{\"trainingId\":\"mine\",\"at\":\"2024-05-06T12:00:00Z\"}".getBytes(UTF_8)),
        Named.of("an array", "[]".getBytes(UTF_8)),
        Named.of("a large object", new byte[(1 << 20) + 1]));
  }

  @Test
  void ofATrainingThatWasNeverRequestedNothingIsKnown() {
    assertThat(states.request(ID)).isEmpty();
    assertThat(states.state(ID)).isEmpty();
    assertThat(states.outcome(ID)).isEmpty();
    assertThat(states.ids()).isEmpty();
  }

  @Test
  void aRequestIsKeptAndWaitsUntilThereIsALaterState() {
    states.keep(request(), NOON);
    assertThat(states.request(ID)).contains(request());
    assertThat(states.ids()).containsExactly(ID);
    assertThat(states.state(ID))
        .hasValueSatisfying(
            queued -> {
              assertThat(queued.state()).isEqualTo(State.QUEUED);
              assertThat(queued.at()).isEqualTo(NOON);
              assertThat(queued.model()).contains("hands");
            });

    states.keep(update(State.STARTED, NOON.minusSeconds(1)));
    assertThat(states.state(ID)).map(TrainingUpdate::state).contains(State.QUEUED);
    states.keep(update(State.STARTED, NOON));
    assertThat(states.state(ID)).contains(update(State.STARTED, NOON));
  }

  @Test
  void anIdStandsForItsFirstRequest() {
    TrainingRequest first = request();
    TrainingRequest other =
        new TrainingRequest(
            ID,
            first.model(),
            first.synthetic(),
            first.real(),
            first.preset(),
            Map.of("schedule.steps", "7"),
            first.from(),
            first.realCaption(),
            first.labelledReal());
    assertThat(states.isAnother(first)).isFalse();
    assertThat(states.keep(first, NOON)).isTrue();
    assertThat(states.isAnother(first)).isFalse();
    assertThat(states.isAnother(other)).isTrue();
    assertThat(states.keep(other, NOON.plusSeconds(1))).isFalse();
    assertThat(states.request(ID)).contains(first);

    assertThat(states.keep(first, NOON.plusSeconds(2))).isTrue();
    assertThat(states.state(ID)).map(TrainingUpdate::at).contains(NOON.plusSeconds(2));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbageAsAStateIsSkipped(byte[] garbage) {
    put("state.json", garbage);
    assertThat(states.state(ID)).isEmpty();
    assertThat(states.paused(ID, NOON)).isEmpty();

    states.keep(request(), NOON);
    assertThat(states.state(ID)).map(TrainingUpdate::state).contains(State.QUEUED);
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbageAsARequestIsSkipped(byte[] garbage) {
    put("order.json", garbage);
    assertThat(states.request(ID)).isEmpty();
    assertThat(states.state(ID)).isEmpty();

    TrainingUpdate paused = update(State.PAUSED, NOON);
    states.keep(paused);
    assertThat(states.state(ID)).contains(paused);
    assertThat(states.paused(ID, NOON)).contains(paused);
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbageAsAnOutcomeIsAFailedOneThatNamesTheObject(byte[] garbage) {
    put("outcome.json", garbage);
    assertThat(states.outcome(ID)).hasValueSatisfying(TrainingStateStoreTest::assertCorrupt);
    assertThat(states.state(ID)).hasValueSatisfying(TrainingStateStoreTest::assertCorrupt);
    assertCorrupt(states.claim(update(State.PUBLISHED, NOON)));
  }

  @Test
  void theOutcomeOfAnotherTrainingIsAFailedOneThatNamesTheObject() {
    TrainingUpdate other =
        new TrainingUpdate(
            "other",
            State.PUBLISHED,
            NOON,
            Optional.empty(),
            "trainer-1",
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.empty());
    put("outcome.json", other.toJson());
    assertThat(states.outcome(ID)).hasValueSatisfying(TrainingStateStoreTest::assertCorrupt);
  }

  @Test
  void theFirstOutcomeStands() {
    TrainingUpdate first = update(State.PUBLISHED, NOON);
    assertThat(states.claim(first)).isEqualTo(first);
    assertThat(states.claim(update(State.CANCELLED, NOON.plusSeconds(1)))).isEqualTo(first);
    states.keep(update(State.WARNING, NOON.plusSeconds(2)));
    assertThat(states.state(ID)).contains(first);
  }

  @Test
  void aTrainingIsPausedUntilItIsRequestedAgainOrHasEnded() {
    states.keep(request(), NOON);
    states.keep(update(State.CHECKPOINT, NOON));
    assertThat(states.paused(ID, NOON)).isEmpty();

    TrainingUpdate paused = update(State.PAUSED, NOON.plusSeconds(1));
    states.keep(paused);
    assertThat(states.paused(ID, NOON)).contains(paused);
    assertThat(states.paused(ID, NOON.minusSeconds(1))).isEmpty();

    states.claim(update(State.CANCELLED, NOON));
    assertThat(states.paused(ID, NOON)).isEmpty();
  }

  @Test
  void anOutageOfTheStoreIsNotTakenForAnAbsentOrDamagedObject() {
    TrainingStateStore away =
        new TrainingStateStore(
            new FailingStorage(storage, "read", object -> true, Integer.MAX_VALUE).storage(),
            "refinery");
    for (Runnable read :
        List.<Runnable>of(
            () -> away.outcome(ID),
            () -> away.state(ID),
            () -> away.request(ID),
            () -> away.paused(ID, NOON))) {
      assertThatExceptionOfType(StorageException.class).isThrownBy(read::run);
    }
  }

  private static void assertCorrupt(TrainingUpdate outcome) {
    assertThat(outcome.trainingId()).isEqualTo(ID);
    assertThat(outcome.state()).isEqualTo(State.FAILED);
    assertThat(outcome.detail().orElseThrow())
        .contains("s3://refinery/trainings/mine/outcome.json", "Delete it");
  }

  private void put(String name, byte[] bytes) {
    storage.put(new ObjectRef("refinery", "trainings/" + ID + "/" + name), bytes);
  }

  private static TrainingRequest request() {
    return new TrainingRequest(
        ID,
        "hands",
        List.of(ObjectRef.parse("s3://refinery/renders.h5")),
        List.of(ObjectRef.parse("s3://refinery/photos/")),
        Optional.empty(),
        Map.of("schedule.steps", "500"),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static TrainingUpdate update(State state, Instant at) {
    return new TrainingUpdate(
        ID,
        state,
        at,
        Optional.of("hands"),
        "trainer-1",
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }
}
