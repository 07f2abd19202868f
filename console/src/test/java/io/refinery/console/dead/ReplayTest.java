package io.refinery.console.dead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.broker.DeadLetter;
import io.refinery.console.dead.Replay.NotReplayableException;
import io.refinery.message.Job;
import io.refinery.message.OutputFormat;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ReplayTest {

  private static final Job JOB =
      new Job(
          "mine",
          ObjectRef.parse("s3://b/a.h5"),
          ModelReference.parse("eyes@stable"),
          Optional.of(OutputFormat.ZIP));

  private static DeadLetter letter(String id, byte[] value, String... headers) {
    ConsumerRecord<String, byte[]> record = new ConsumerRecord<>("dead", 0, 99, id, value);
    for (int i = 0; i < headers.length; i += 2) {
      record.headers().add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    return new DeadLetter(record);
  }

  @Test
  void aReplayedJobIsTheSameUnderAFreshIdThatFollowsFromItsPosition() throws Exception {
    DeadLetter letter = letter("mine", JOB.toJson(), "refinery.origin", "refinery.jobs-2@17");

    Job again = Replay.job(letter, Optional.empty());

    assertThat(again).isEqualTo(new Job("mine-again-2.17", JOB.input(), JOB.model(), JOB.format()));
    assertThat(Replay.job(letter, Optional.empty())).isEqualTo(again);
  }

  @Test
  void theIdOfAReplayOfAReplayDoesNotGrow() {
    assertThat(Replay.id(letter("mine-again-2.17", new byte[0], "refinery.origin", "jobs-0@40")))
        .isEqualTo("mine-again-0.40");
    String longest = "x".repeat(128);
    assertThat(Replay.id(letter(longest, new byte[0], "refinery.origin", "jobs-0@40")))
        .hasSize(128)
        .endsWith("x-again-0.40");
  }

  @Test
  void aLetterWithoutAnOriginHasItsOwnPosition() {
    assertThat(Replay.id(letter("mine", new byte[0]))).isEqualTo("mine-again-0.99");
  }

  @Test
  void aJobWhoseIdWasItsKeyIsReplayed() throws Exception {
    String json = "{\"input\":\"s3://b/a.h5\",\"model\":\"eyes@7\"}";

    assertThat(
            Replay.job(letter("mine", json.getBytes(StandardCharsets.UTF_8)), Optional.empty())
                .id())
        .isEqualTo("mine-again-0.99");
  }

  @Test
  void whatIsCutOrNotAJobIsNotReplayedAndSaysWhy() {
    assertThatExceptionOfType(NotReplayableException.class)
        .isThrownBy(
            () ->
                Replay.job(
                    letter("mine", new byte[9], "refinery.value.bytes", "99"), Optional.empty()))
        .withMessageContaining("too large");
    assertThatExceptionOfType(NotReplayableException.class)
        .isThrownBy(
            () ->
                Replay.job(
                    letter("mine", "hello".getBytes(StandardCharsets.UTF_8)), Optional.empty()))
        .withMessageContaining("not JSON");
  }

  @Test
  void aPassedDeadlineIsNotSentAgainUnlessThereIsANewOne() throws Exception {
    Instant passed = Instant.parse("2020-01-01T00:00:00Z");
    Instant fresh = Instant.parse("2999-01-01T00:00:00Z");
    DeadLetter letter = letter("mine", JOB.withDeadline(Optional.of(passed)).toJson());

    assertThatExceptionOfType(NotReplayableException.class)
        .isThrownBy(() -> Replay.job(letter, Optional.empty()))
        .withMessageContaining("its deadline, 2020-01-01T00:00:00Z, has passed");
    assertThat(Replay.job(letter, Optional.of(fresh)).deadline()).contains(fresh);
  }

  @Test
  void aJobWithoutADeadlineStaysWithoutOne() throws Exception {
    Optional<Instant> fresh = Optional.of(Instant.parse("2999-01-01T00:00:00Z"));
    assertThat(Replay.job(letter("mine", JOB.toJson()), fresh).deadline()).isEmpty();
  }
}
