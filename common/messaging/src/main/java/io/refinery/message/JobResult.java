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

  @JsonProperty
  default String schema() {
    return SCHEMA;
  }

  /**
   * The refined bundle is stored and its hash was read back.
   *
   * @param output where the refined bundle is
   * @param sha256 of the refined bundle, 64 hexadecimal digits
   * @param bytes of the refined bundle
   * @param images in it
   * @param model the version that refined them
   * @param manifestSha256 of that version's manifest
   * @param engine runtime and version, such as {@code ONNX Runtime 1.29.0}
   * @param device such as {@code cpu}
   * @param started when the worker started on this delivery
   * @param stageSeconds seconds of work by stage; stages overlap, so that their sum may be more
   *     than the time from start to end
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
      Map<String, Double> stageSeconds)
      implements JobResult {
    public Succeeded {
      stageSeconds = Collections.unmodifiableMap(new LinkedHashMap<>(stageSeconds));
    }
  }

  /**
   * There is no refined bundle.
   *
   * @param message one sentence: what was wrong, where, what to do
   * @param model the version, where one was found before it failed
   */
  record Failed(
      String jobId, ErrorCode code, String message, Instant finished, Optional<ModelVersion> model)
      implements JobResult {
    public Failed {
      message = Excerpt.of(message);
    }
  }

  /** What goes on the topic, and into the claim in storage. */
  default byte[] toJson() {
    return MessageJson.write(this);
  }

  /**
   * @throws IllegalArgumentException when it is not a result
   */
  static JobResult parse(byte[] json) {
    return MessageJson.read(json, JobResult.class);
  }
}
