package io.refinery.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.message.ParsedMessage.Rejected;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobMessageTest {

  private static final Job JOB =
      new Job(
          "my-1",
          ObjectRef.parse("s3://refinery/bundles/gaze.h5"),
          ModelReference.parse("eyes@stable"));

  @Test
  void aHandwrittenJobIsRead() {
    assertThat(
            read(
                null,
                """
                {"schema":"refinery.job/1","id":"my-1",
                 "input":"s3://refinery/bundles/gaze.h5","model":"eyes@stable"}"""))
        .isEqualTo(new Accepted<>(JOB));
  }

  @Test
  void aWrittenJobIsReadBack() {
    Job job =
        new Job("my-1", JOB.input(), JOB.model(), Optional.of(OutputFormat.HDF5), List.of("rgb"));

    assertThat(Job.read(Optional.empty(), job.toJson())).isEqualTo(new Accepted<>(job));
  }

  @Test
  void foldersOfImagesAreRead() {
    Job job =
        new Job("my-1", JOB.input(), JOB.model(), Optional.empty(), List.of("a/b", "*_l.png"));
    assertThat(
            read(
                null,
                """
                {"id":"my-1","input":"s3://refinery/bundles/gaze.h5","model":"eyes@stable",
                 "images":["a/b","*_l.png"]}"""))
        .isEqualTo(new Accepted<>(job));
  }

  @Test
  void aDeadlineIsRead() {
    Instant deadline = Instant.parse("2030-01-31T18:00:00Z");
    Job job = JOB.withDeadline(Optional.of(deadline));

    assertThat(
            read(
                null,
                """
                {"id":"my-1","input":"s3://refinery/bundles/gaze.h5","model":"eyes@stable",
                 "deadline":"2030-01-31T19:00:00+01:00"}"""))
        .isEqualTo(new Accepted<>(job));
    assertThat(Job.read(Optional.empty(), job.toJson())).isEqualTo(new Accepted<>(job));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"tomorrow\"", "\"2030-01-31\"", "\"2030-01-31T18:00:00\"", "1896112800"})
  void aDeadlineThatIsNoPointInTimeIsRefused(String deadline) {
    ParsedMessage<Job> read =
        read(
            null,
            "{\"id\":\"a\",\"input\":\"s3://b/k\",\"model\":\"eyes\",\"deadline\":%s}"
                .formatted(deadline));

    assertThat(read)
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> assertThat(rejected.message()).containsIgnoringCase("deadline"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"rgb\"", "[7]", "[\"\"]", "{\"rgb\":\"rgb\"}"})
  void imagesThatAreNoListOfFoldersAreRefused(String images) {
    Rejected<Job> rejected =
        rejected(
            null,
            "{\"id\":\"my-1\",\"input\":\"s3://refinery/gaze.h5\",\"model\":\"eyes@stable\",\"images\":"
                + images
                + "}");

    assertThat(rejected.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
  }

  @Test
  void theKeyReplacesAMissingIdAndTheSchemaIsOptional() {
    assertThat(
            read("my-1", "{\"input\":\"s3://refinery/bundles/gaze.h5\",\"model\":\"eyes@stable\"}"))
        .isEqualTo(new Accepted<>(JOB));
  }

  @Test
  void unknownFieldsAreIgnored() {
    assertThat(
            read(
                null,
                """
                {"id":"my-1","input":"s3://refinery/bundles/gaze.h5","model":"eyes@stable",
                 "priority":{"high":true}}"""))
        .isEqualTo(new Accepted<>(JOB));
  }

  @Test
  void anotherMajorVersionIsRefusedEvenIfItsFieldsAreValid() {
    Rejected<Job> rejected =
        rejected(
            null,
            """
            {"schema":"refinery.job/2","id":"my-1",
             "input":"s3://refinery/bundles/gaze.h5","model":"eyes@stable"}""");

    assertThat(rejected.code()).isEqualTo(ErrorCode.UNKNOWN_SCHEMA);
    assertThat(rejected.id()).contains("my-1");
    assertThat(rejected.message()).contains("refinery.job/2", "refinery.job/1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "[]",
        "\"text\"",
        "{\"id\":\"my-1\"}",
        "{\"id\":\"my-1\",\"input\":\"s3://refinery/a.h5\"}",
        "{\"id\":\"my-1\",\"input\":\"file:///etc/passwd\",\"model\":\"eyes\"}",
        "{\"id\":\"my-1\",\"input\":\"s3://refinery/a.h5\",\"model\":\"EYES@1\"}",
        "{\"id\":\"my-1\",\"input\":\"s3://refinery/a.h5\",\"model\":7}",
        "{\"id\":\"my-1\",\"input\":\"s3://refinery/a.h5\",\"model\":\"eyes\",\"format\":\"gif\"}",
        "{\"id\":\"../../etc\",\"input\":\"s3://refinery/a.h5\",\"model\":\"eyes\"}"
      })
  void anInvalidJobIsRejectedWithASentence(String value) {
    Rejected<Job> rejected = rejected("my-key", value);

    assertThat(rejected.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
    assertThat(rejected.message()).endsWith(".").hasSizeGreaterThan(10);
    assertThat(rejected.id()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " {\"id\":\"my-2\"}",
        " null",
        ",",
        "}",
        " refine this too",
      })
  void aMessageThatContinuesAfterItsObjectIsRefusedUnderItsId(String rest) {
    Rejected<Job> rejected = rejected(null, text(JOB) + rest);

    assertThat(rejected.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
    assertThat(rejected.message()).contains("continues after its JSON object");
    assertThat(rejected.id()).contains("my-1");
  }

  @Test
  void aFieldThatOccursTwiceIsRefusedByName() {
    Rejected<Job> rejected =
        rejected(null, text(JOB).replace("\"model\"", "\"input\":\"s3://b/c\",\"model\""));

    assertThat(rejected.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
    assertThat(rejected.message()).contains("'input'", "line 1");
    assertThat(rejected.id()).contains("my-1");
  }

  @Test
  void aNestedFieldThatOccursTwiceIsRefusedEvenIfItIsUnknown() {
    Rejected<Job> rejected =
        rejected(null, text(JOB).replace("{", "{\"more\":[{\"deep\":1,\"deep\":2}],"));

    assertThat(rejected.message()).contains("'deep'");
    assertThat(rejected.id()).contains("my-1");
  }

  @Test
  void aMessageWithTwoIdsIsAnsweredUnderItsKeyAndNeverUnderOneOfThem() {
    String twice = text(JOB).replace("\"id\"", "\"id\":\"my-2\",\"id\"");

    assertThat(rejected("my-key", twice).id()).contains("my-key");
    assertThat(rejected(null, twice).id()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'id':'my-1','input':'s3://refinery/\\ud800.h5','model':'eyes'}",
        "{'id':'my-1','input':'s3://refinery/\\udc00\\ud800.h5','model':'eyes'}",
        "{'id':'my-1','input':'s3://\\ud800/a.h5','model':'eyes'}",
        "{'id':'my-1','input':'s3://refinery/a.h5','model':'\\ud800'}",
        "{'id':'my-1','input':'s3://refinery/a.h5','model':'eyes','format':'\\ud800'}",
        "{'id':'my-1','input':'s3://refinery/a.h5','model':'eyes','more':[{'a':'\\ud800'}]}",
        "{'id':'my-1','input':'s3://refinery/a.h5','model':'eyes','more':{'\\ud800':1}}",
        "{'id':'my-1','schema':'\\ud800','input':'s3://refinery/a.h5','model':'eyes'}",
        "{'id':'\\ud800','input':'s3://refinery/a.h5','model':'eyes'}"
      })
  void halfASurrogatePairIsRefusedInASentenceThatCanBeSent(String value) {
    Rejected<Job> rejected = rejected("my-1", value.replace('\'', '"'));

    assertThat(rejected.id()).contains("my-1");
    assertThat(
            new JobResult.Failed(
                    "my-1",
                    rejected.code(),
                    rejected.message(),
                    Instant.EPOCH,
                    Optional.empty(),
                    Optional.empty())
                .toJson())
        .isNotEmpty();
  }

  @Test
  void aWholeSurrogatePairIsText() {
    assertThat(read("my-1", "{\"input\":\"s3://refinery/\\ud83d\\udc41.h5\",\"model\":\"eyes\"}"))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void aKeyThatNoStoreAcceptsIsRefused() {
    String key = "k".repeat(1_025);

    assertThat(
            rejected("my-1", "{\"input\":\"s3://refinery/" + key + "\",\"model\":\"eyes\"}")
                .message())
        .contains("1,024 bytes");
  }

  private static String text(Job job) {
    return new String(job.toJson(), StandardCharsets.UTF_8);
  }

  @Test
  void withoutKeyAndIdARejectionHasNoJobId() {
    assertThat(rejected(null, "not json").id()).isEmpty();
    assertThat(rejected("a key with spaces", "not json").id()).isEmpty();
  }

  private static ParsedMessage<Job> read(String key, String value) {
    return Job.read(Optional.ofNullable(key), value.getBytes(StandardCharsets.UTF_8));
  }

  private static Rejected<Job> rejected(String key, String value) {
    assertThat(read(key, value)).isInstanceOf(Rejected.class);
    return (Rejected<Job>) read(key, value);
  }
}
