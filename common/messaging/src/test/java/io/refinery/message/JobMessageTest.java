package io.refinery.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.message.ParsedMessage.Rejected;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import java.nio.charset.StandardCharsets;
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
    Job job = new Job("my-1", JOB.input(), JOB.model(), Optional.of(OutputFormat.HDF5));

    assertThat(Job.read(Optional.empty(), job.toJson())).isEqualTo(new Accepted<>(job));
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
