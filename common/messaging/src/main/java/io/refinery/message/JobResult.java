package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.refinery.registry.ModelVersion;
import io.refinery.storage.ObjectRef;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The outcome of a job; one per job id, on {@code refinery.results}, keyed by the id. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "status")
@JsonSubTypes({
  @JsonSubTypes.Type(value = JobResult.Succeeded.class, name = "succeeded"),
  @JsonSubTypes.Type(value = JobResult.Failed.class, name = "failed")
})
@JsonPropertyOrder({"schema", "jobId"})
public sealed interface JobResult {

  String SCHEMA = "refinery.result/1";

  String jobId();

  Instant finished();

  Optional<Job> job();

  /**
   * Returns whether this is the result of a message, rather than of another one with the same id. A
   * result of an earlier release, which does not say what it was for, counts as that of any job.
   *
   * @param asked the message's job; empty if the message is not a job
   */
  default boolean answers(Optional<Job> asked) {
    if (job().isPresent()) {
      return job().equals(asked);
    }
    boolean ofNoJob =
        this instanceof Failed failed
            && (failed.code() == ErrorCode.BAD_MESSAGE
                || failed.code() == ErrorCode.UNKNOWN_SCHEMA);
    return !ofNoJob || asked.isEmpty();
  }

  @JsonProperty
  default String schema() {
    return SCHEMA;
  }

  /**
   * The result of a job whose refined bundle is stored and was verified.
   *
   * @param output the refined bundle
   * @param sha256 hash of the refined bundle, 64 hexadecimal digits
   * @param bytes size of the refined bundle
   * @param images number of images in the bundle
   * @param model the version that refined them
   * @param manifestSha256 hash of that version's manifest
   * @param engine runtime and version, such as {@code ONNX Runtime 1.29.0}
   * @param device the device, such as {@code cpu}
   * @param started when the worker started this delivery
   * @param stageSeconds seconds of work by stage; stages overlap, so their sum may exceed the
   *     elapsed time
   * @param leftOut what the refined bundle does not hold of its input; empty when both have one
   *     format
   * @param remarks sentences about how the bundle was read, such as {@code labels.csv is matched by
   *     order}
   * @param inputSha256 hash of the input as it was read, 64 hexadecimal digits; empty in results of
   *     earlier releases
   * @param inputEtag the store's tag of the input when it was read, without quotes; empty if the
   *     store has none, and in results of earlier releases
   * @param job the job that this is the result of; empty in results of earlier releases
   */
  record Succeeded(
      String jobId,
      ObjectRef output,
      String sha256,
      long bytes,
      long images,
      ModelVersion model,
      String manifestSha256,
      String engine,
      String device,
      Instant started,
      Instant finished,
      Map<String, Double> stageSeconds,
      List<LeftOut> leftOut,
      List<String> remarks,
      Optional<String> inputSha256,
      Optional<String> inputEtag,
      Optional<Job> job)
      implements JobResult {
    public Succeeded {
      stageSeconds = Collections.unmodifiableMap(new LinkedHashMap<>(stageSeconds));
      // Results of earlier versions have neither list.
      leftOut = leftOut == null ? List.of() : List.copyOf(leftOut);
      remarks = remarks == null ? List.of() : List.copyOf(remarks);
    }
  }

  /**
   * Something that a refined bundle does not hold of its input.
   *
   * @param what its path in the input
   * @param why a clause, such as {@code a ZIP has no attributes}
   */
  record LeftOut(String what, String why) {}

  /**
   * The result of a job without a refined bundle.
   *
   * @param message one sentence: what was wrong, where, what to do
   * @param model the version, if it was found before the failure
   * @param job the job that this is the result of; empty if its message was not a job, and in
   *     results of earlier releases
   */
  record Failed(
      String jobId,
      ErrorCode code,
      String message,
      Instant finished,
      Optional<ModelVersion> model,
      Optional<Job> job)
      implements JobResult {
    public Failed {
      message = Excerpt.of(message);
    }
  }

  /** Returns the record's value, which is also the result object in storage. */
  default byte[] toJson() {
    return MessageJson.write(this);
  }

  /**
   * @throws IllegalArgumentException when the message is not a job result
   */
  static JobResult parse(byte[] json) {
    return MessageJson.read(json, JobResult.class);
  }
}
