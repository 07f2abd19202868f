package io.refinery.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.broker.DeadLetter;
import io.refinery.broker.RecordCopy;
import io.refinery.message.ChannelMoveEvent;
import io.refinery.message.ErrorCode;
import io.refinery.message.Job;
import io.refinery.message.JobEvent;
import io.refinery.message.JobResult;
import io.refinery.message.ParsedMessage;
import io.refinery.message.ParsedMessage.Rejected;
import io.refinery.message.TrainingControl;
import io.refinery.message.TrainingRequest;
import io.refinery.message.TrainingUpdate;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Parsers of messages. */
final class MessageTargets {

  private static final long BYTES = 64L << 20;

  private static final List<String> HEADERS =
      List.of(
          "refinery.origin",
          "refinery.appended",
          "refinery.value.bytes",
          "refinery.failed.tries",
          "refinery.error.code",
          "refinery.error.message");

  private MessageTargets() {}

  static List<FuzzTarget> all() {
    return List.of(
        requests(
            "job",
            Job::read,
            """
            {"schema": "refinery.job/1", "id": "a", "input": "s3://b/c.h5", "model": "eyes@7",
             "format": "zip", "images": ["rgb"]}"""),
        requests(
            "training",
            TrainingRequest::read,
            """
            {"schema": "refinery.training/1", "id": "a", "model": "eyes", "synthetic": "s3://b/c.h5",
             "real": {"bundles": ["s3://b/d.zip"], "images": ["rgb"]}, "from": "eyes@6"}""",
            """
            {"id": "a", "model": "eyes", "synthetic": ["s3://b/c.h5"], "real": ["s3://b/d.zip"],
             "preset": "eyes-paper", "plan": {"schedule.steps": 500}, "realCaption": "Real",
             "labelledReal": "s3://b/e.h5"}"""),
        answers(
            "control",
            json -> TrainingControl.parse(Optional.of("a"), json),
            """
            {"schema": "refinery.training-control/1", "id": "a", "action": "cancel"}"""),
        answers(
            "result",
            JobResult::parse,
            """
            {"schema": "refinery.result/1", "status": "failed", "jobId": "my-1", "code": "NO_IMAGES",
             "message": "So.", "finished": "2026-11-21T12:00:00Z", "model": "eyes@7",
             "job": {"id": "a", "input": "s3://b/c.h5", "model": "eyes@7"}}""",
            """
            {"schema": "refinery.result/1", "status": "succeeded", "jobId": "my-1",
             "output": "s3://b/c.h5", "sha256": "00", "bytes": 1, "images": 2, "model": "eyes@7",
             "manifestSha256": "00", "engine": "x", "device": "cpu",
             "started": "2026-11-21T12:00:00Z", "finished": "2026-11-21T12:00:00Z",
             "stageSeconds": {"refine": 3.25}, "leftOut": [{"what": "a", "why": "b"}],
             "remarks": ["a"]}"""),
        answers(
            "event",
            JobEvent::parse,
            """
            {"schema": "refinery.job-event/1", "jobId": "a", "state": "refining", "worker": "w",
             "at": "2026-11-21T12:00:00Z", "images": 1, "of": 2, "detail": "So."}"""),
        answers(
            "update",
            TrainingUpdate::parse,
            """
            {"schema": "refinery.training-event/1", "trainingId": "a", "state": "training",
             "at": "2026-11-21T12:00:00Z", "model": "eyes", "trainer": "w", "version": "eyes@7",
             "step": {"phase": "adversarial", "number": 1, "of": 2, "losses": {"a": 0.5}},
             "metrics": {"a": 1.5}}"""),
        answers(
            "move",
            ChannelMoveEvent::parse,
            """
            {"schema": "refinery.channel-move/1", "model": "eyes@7", "channel": "stable",
             "manifestSha256": "00", "from": "eyes@6", "at": "2026-11-21T12:00:00Z",
             "cause": "promotion", "by": "anna", "reason": "So."}"""),
        new FuzzTarget(
            "dead-letter",
            seeds("refinery.jobs-3@17", "2026-11-21T12:00:00Z", "3", "NO_IMAGES"),
            BYTES,
            MessageTargets::deadLetter));
  }

  /** Reads requests. */
  @FunctionalInterface
  private interface RequestParser<T> {
    ParsedMessage<T> read(Optional<String> key, byte[] value);
  }

  private static <T> FuzzTarget requests(String name, RequestParser<T> parser, String... seeds) {
    return new FuzzTarget(
        name,
        seeds(seeds),
        BYTES,
        input -> {
          if (parser.read(Optional.of("key"), input) instanceof Rejected<T> rejected) {
            assertThat(rejected.code()).isIn(ErrorCode.BAD_MESSAGE, ErrorCode.UNKNOWN_SCHEMA);
            assertThat(rejected.message()).isNotBlank().hasSizeLessThan(4096);
            assertThat(rejected.id()).isNotEqualTo(Optional.of(""));
          }
        });
  }

  private static FuzzTarget answers(String name, Consumer<byte[]> parser, String... seeds) {
    return new FuzzTarget(
        name,
        seeds(seeds),
        BYTES,
        input -> {
          try {
            parser.accept(input);
          } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
          }
        });
  }

  private static void deadLetter(byte[] input) {
    ConsumerRecord<String, byte[]> message = new ConsumerRecord<>("t", 0, 0, null, input);
    for (int i = 0; i < HEADERS.size(); i++) {
      int from = Math.min(input.length, i);
      message.headers().add(HEADERS.get(i), Arrays.copyOfRange(input, from, input.length));
    }
    message.headers().add("refinery.origin", null);
    message.headers().add("refinery.failed.tries", input);
    message.headers().add("refinery.appended", input);
    DeadLetter letter = new DeadLetter(message);
    assertThat(letter.id()).isNotNull();
    assertThat(letter.at()).isNotNull();
    assertThat(letter.origin()).isNotBlank();
    assertThat(letter.code()).isNotNull();
    assertThat(letter.reason()).isNotNull();
    assertThat(letter.message()).isNotNull();
    assertThat(RecordCopy.failedTries(message)).isNotNegative();
    assertThat(RecordCopy.appended(message)).isNotNull();
  }

  static List<byte[]> seeds(String... texts) {
    return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }
}
