package io.refinery.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.refinery.registry.ChannelMove;
import io.refinery.registry.ChannelPointer;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import io.refinery.registry.MoveReason;
import io.refinery.storage.ObjectRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123Z");
  private static final String HASH = "0123456789abcdef".repeat(4);

  private static final Job JOB =
      new Job(
          "my-1",
          ObjectRef.parse("s3://refinery/a.h5"),
          ModelReference.parse("eyes@7"),
          Optional.of(OutputFormat.ZIP),
          List.of("rgb"),
          Optional.of(NOW));

  @Test
  void aJobFitsItsSchema() {
    assertFits("job-1", JOB.toJson());
  }

  @Test
  void aSuccessFitsItsSchemaAndIsReadBack() {
    JobResult result =
        new JobResult.Succeeded(
            "my-1",
            ObjectRef.parse("s3://refinery/refined/my-1.h5"),
            HASH,
            4096,
            600,
            new ModelVersion("eyes", 7),
            HASH,
            "ONNX Runtime 1.29.0",
            "cpu",
            NOW,
            NOW.plusSeconds(4),
            Map.of("refine", 3.25),
            List.of(new JobResult.LeftOut("camera", "a ZIP holds only labels")),
            List.of("labels.csv is matched by order."),
            Optional.of(HASH),
            Optional.of("d41d8cd98f00b204e9800998ecf8427e"),
            Optional.of(JOB));

    assertFits("result-1", result.toJson());
    assertThat(JobResult.parse(result.toJson())).isEqualTo(result);
  }

  @ParameterizedTest
  @EnumSource
  void aFailureOfAnyCodeFitsItsSchemaAndIsReadBack(ErrorCode code) {
    JobResult result =
        new JobResult.Failed("my-1", code, "It is so.", NOW, Optional.empty(), Optional.of(JOB));

    assertFits("result-1", result.toJson());
    assertThat(JobResult.parse(result.toJson())).isEqualTo(result);
  }

  @Test
  void aFailureNamesTheVersionIfItIsKnown() {
    Optional<ModelVersion> version = Optional.of(new ModelVersion("eyes", 7));
    JobResult result =
        new JobResult.Failed(
            "my-1", ErrorCode.CORRUPT_MODEL, "It is so.", NOW, version, Optional.empty());

    assertFits("result-1", result.toJson());
    assertThat(new String(result.toJson(), StandardCharsets.UTF_8))
        .contains("\"model\":\"eyes@7\"", "\"status\":\"failed\"");
  }

  @Test
  void aResultOfAnEarlierReleaseDoesNotSayWhatItWasForAndAnswersAnyJob() {
    JobResult old =
        JobResult.parse(
            """
            {"schema":"refinery.result/1","status":"failed","jobId":"my-1","code":"NO_IMAGES",
             "message":"So.","finished":"2026-11-21T12:00:00Z"}"""
                .getBytes(StandardCharsets.UTF_8));

    assertThat(old.job()).isEmpty();
    assertThat(old.answers(Optional.of(JOB))).isTrue();
    assertThat(old.answers(Optional.empty())).isTrue();
  }

  @Test
  void aResultAnswersOnlyTheJobThatItWasFor() {
    JobResult result = failed(ErrorCode.NO_IMAGES, Optional.of(JOB));

    assertThat(result.answers(Optional.of(JOB))).isTrue();
    assertThat(result.answers(Optional.empty())).isFalse();
    for (Job other :
        List.of(
            new Job("my-1", ObjectRef.parse("s3://refinery/b.h5"), JOB.model(), JOB.format()),
            new Job("my-1", JOB.input(), ModelReference.parse("eyes@8"), JOB.format()),
            new Job("my-1", JOB.input(), JOB.model()))) {
      assertThat(result.answers(Optional.of(other))).as(other.toString()).isFalse();
    }
  }

  @Test
  void theFailureOfAMessageThatIsNotAJobAnswersNoJob() {
    JobResult result = failed(ErrorCode.BAD_MESSAGE, Optional.empty());

    assertThat(result.answers(Optional.empty())).isTrue();
    assertThat(result.answers(Optional.of(JOB))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {" {}", " x", ""})
  void aResultThatSaysTwoThingsIsRefused(String rest) {
    String json =
        new String(failed(ErrorCode.NO_IMAGES, Optional.of(JOB)).toJson(), StandardCharsets.UTF_8);
    String text =
        rest.isEmpty()
            ? json.replace("\"input\"", "\"input\":\"s3://a/b\",\"input\"")
            : json + rest;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> JobResult.parse(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static JobResult failed(ErrorCode code, Optional<Job> job) {
    return new JobResult.Failed("my-1", code, "So.", NOW, Optional.empty(), job);
  }

  @ParameterizedTest
  @EnumSource
  void anEventOfAnyStateFitsItsSchemaAndIsReadBack(JobEvent.State state) {
    JobEvent event =
        new JobEvent("my-1", state, NOW, "worker-1", 10, Optional.of(600L), Optional.of("So."));

    assertFits("job-event-1", event.toJson());
    assertThat(JobEvent.parse(event.toJson())).isEqualTo(event);
  }

  @Test
  void aMoveOfAChannelFitsItsSchemaAndIsReadBack() {
    MoveReason.Cause cause = MoveReason.Cause.ROLLBACK;
    ChannelMove move =
        new ChannelMove(NOW, Optional.of(8), 7, cause, "anna@lab-3", "Eyes of 8 are blue.");
    ChannelMoveEvent event =
        ChannelMoveEvent.of("eyes", "stable", new ChannelPointer(7, HASH, NOW, List.of(move)));

    assertThat(event.from()).contains(new ModelVersion("eyes", 8));
    assertThat(event.by()).contains("anna@lab-3");
    assertFits("channel-move-1", event.toJson());
    assertThat(ChannelMoveEvent.parse(event.toJson())).isEqualTo(event);
    assertThat(event.key()).isEqualTo("eyes@stable");
  }

  @Test
  void aMoveByAnOlderReleaseHasNoCauseAuthorOrReason() {
    ChannelMoveEvent event =
        ChannelMoveEvent.of("eyes", "stable", new ChannelPointer(7, HASH, NOW, null));

    assertFits("channel-move-1", event.toJson());
    assertThat(ChannelMoveEvent.parse(event.toJson())).isEqualTo(event);
    assertThat(new String(event.toJson(), StandardCharsets.UTF_8)).doesNotContain("cause");
  }

  @Test
  void aTrainingRequestFitsItsSchema() {
    TrainingRequest order =
        new TrainingRequest(
            "my-1",
            "eyes",
            List.of(ObjectRef.parse("s3://refinery/a.h5")),
            List.of(ObjectRef.parse("s3://refinery/real/")),
            Optional.of("quick"),
            Map.of("schedule.steps", "500"),
            Optional.of(ModelReference.parse("eyes@7")),
            Optional.of("photo"),
            List.of(ObjectRef.parse("s3://refinery/b.h5")));

    assertFits("training-1", order.toJson());
  }

  @Test
  void aTrainingRequestWithFoldersOfImagesFitsItsSchema() {
    ObjectRef bundle = ObjectRef.parse("s3://refinery/a.zip");
    TrainingRequest order =
        new TrainingRequest(
            "my-1",
            "eyes",
            new TrainingSource(List.of(bundle), List.of("rgb")),
            new TrainingSource(List.of(bundle), List.of("cam1", "*_l.png")),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            TrainingSource.NONE);

    assertFits("training-1", order.toJson());
  }

  @ParameterizedTest
  @EnumSource
  void aControlMessageFitsItsSchema(TrainingControl.Action action) {
    assertFits("training-control-1", new TrainingControl("my-1", action).toJson());
  }

  @ParameterizedTest
  @EnumSource
  void aJobControlFitsItsSchemaAndIsReadBack(JobControl.Action action) {
    JobControl control = new JobControl("my-1", action);

    assertFits("job-control-1", control.toJson());
    assertThat(JobControl.read(Optional.empty(), control.toJson()))
        .isEqualTo(new ParsedMessage.Accepted<>(control));
  }

  @Test
  void aCancellationAnswersEveryJobOfItsId() {
    JobResult cancelled = failed(ErrorCode.CANCELLED, Optional.empty());

    assertThat(cancelled.answers(Optional.of(JOB))).isTrue();
    assertThat(cancelled.answers(Optional.empty())).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aTrainingUpdateOfAnyStateFitsItsSchemaAndIsReadBack(TrainingUpdate.State state) {
    TrainingUpdate notice =
        new TrainingUpdate(
            "my-1",
            state,
            NOW,
            Optional.of("eyes"),
            "trainer-1",
            Optional.of(new TrainingUpdate.Step("adversarial", 3, 9, Map.of("refiner", 0.5))),
            Optional.of(new ModelVersion("eyes", 7)),
            Map.of("refiner.loss", 0.5),
            Optional.of("So."));

    assertFits("training-event-1", notice.toJson());
    assertThat(TrainingUpdate.parse(notice.toJson())).isEqualTo(notice);
    assertThat(TrainingUpdate.isOne(notice.toJson())).isTrue();
  }

  @Test
  void aJobEventIsNotATrainingUpdate() {
    JobEvent event =
        new JobEvent(
            "my-1", JobEvent.State.FAILED, NOW, "w", 0, Optional.empty(), Optional.empty());

    assertThat(TrainingUpdate.isOne(event.toJson())).isFalse();
    assertThat(TrainingUpdate.isOne(new byte[] {7})).isFalse();
  }

  @Test
  void aSchemaRefusesInvalidMessages() {
    assertThat(faults("job-1", "{\"id\":\"my-1\"}".getBytes(StandardCharsets.UTF_8))).hasSize(2);
    assertThat(faults("training-1", "{\"model\":\"eyes\"}".getBytes(StandardCharsets.UTF_8)))
        .hasSize(2);
    assertThat(faults("result-1", "{\"status\":\"done\"}".getBytes(StandardCharsets.UTF_8)))
        .isNotEmpty();
  }

  private static void assertFits(String schema, byte[] json) {
    assertThat(faults(schema, json)).as(new String(json, StandardCharsets.UTF_8)).isEmpty();
  }

  private static List<Error> faults(String name, byte[] json) {
    try (InputStream in =
        SchemasTest.class.getResourceAsStream("/schema/" + name + ".schema.json")) {
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(in, InputFormat.JSON);
      return schema.validate(new String(json, StandardCharsets.UTF_8), InputFormat.JSON);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
