package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request to refine one bundle. Two jobs with the same id are one job: the second gets the first
 * one's result.
 *
 * @param id 1 to 128 of {@code A-Z a-z 0-9 . _ -}
 * @param input the bundle
 * @param model the model whose refiner to use; a channel is looked up when the job starts
 * @param format format of the refined bundle; empty for the input's format
 * @param images for a ZIP that also holds masks or the like: the images' folders, or globs of their
 *     names; empty for every image. At most 16, of 1 to 256 characters
 * @param deadline when the job fails if it has no result yet, whether it waits or runs; empty for
 *     never
 */
@JsonPropertyOrder({"schema", "id", "input", "model", "format", "images", "deadline"})
public record Job(
    String id,
    ObjectRef input,
    ModelReference model,
    Optional<OutputFormat> format,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> images,
    Optional<Instant> deadline) {

  public static final String SCHEMA = "refinery.job/1";

  /** The most bytes of a message; a job with the longest fields has a tenth of this. */
  private static final int MAX_BYTES = 64 << 10;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  public Job {
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "A job's id must be 1 to 128 of A-Z a-z 0-9 . _ -, not '" + id + "'");
    }
    // Jobs in results of earlier releases have none.
    images = images == null ? List.of() : ImageNames.checked(images);
  }

  /** Creates a job whose refined bundle has the input's format. */
  public Job(String id, ObjectRef input, ModelReference model) {
    this(id, input, model, Optional.empty());
  }

  /** Creates a job on every image of its bundle. */
  public Job(String id, ObjectRef input, ModelReference model, Optional<OutputFormat> format) {
    this(id, input, model, format, List.of());
  }

  /** Creates a job without a deadline. */
  public Job(
      String id,
      ObjectRef input,
      ModelReference model,
      Optional<OutputFormat> format,
      List<String> images) {
    this(id, input, model, format, images, Optional.empty());
  }

  /** Returns the same job under another id. */
  public Job withId(String another) {
    return new Job(another, input, model, format, images, deadline);
  }

  /** Returns the same job with another deadline, or without one. */
  public Job withDeadline(Optional<Instant> another) {
    return new Job(id, input, model, format, images, another);
  }

  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  @JsonProperty
  public String schema() {
    return SCHEMA;
  }

  /**
   * Reads a message from {@code refinery.jobs}. {@code schema} may be omitted, and so may {@code
   * id} if the record's key is the id.
   *
   * @param key the record's key, if any
   * @param value the record's value, which may be anything
   */
  public static ParsedMessage<Job> read(Optional<String> key, byte[] value) {
    return new RequestReader<>(SCHEMA, MAX_BYTES, JobFields::job).read(key, value);
  }

  /** Returns the record's value for {@code refinery.jobs}; its key is {@link #id}. */
  public byte[] toJson() {
    return MessageJson.write(this);
  }
}
