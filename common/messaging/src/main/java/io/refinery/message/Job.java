package io.refinery.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Asks for one bundle to be refined. Two jobs of one id are one job: the second gets the first
 * one's result.
 *
 * @param id 1 to 128 of {@code A-Z a-z 0-9 . _ -}
 * @param input the bundle
 * @param model whose refiner; a channel is looked up when the job starts
 * @param format of the refined bundle; that of the input where it is empty
 */
@JsonPropertyOrder({"schema", "id", "input", "model", "format"})
public record Job(String id, ObjectRef input, ModelReference model, Optional<OutputFormat> format) {

  public static final String SCHEMA = "refinery.job/1";

  /** Of a message; a job of the longest fields has a tenth of it. */
  private static final int MAX_BYTES = 64 << 10;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  public Job {
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "A job's id is 1 to 128 of A-Z a-z 0-9 . _ -, not '" + id + "'");
    }
  }

  /** A job whose refined bundle has the format of its input. */
  public Job(String id, ObjectRef input, ModelReference model) {
    this(id, input, model, Optional.empty());
  }

  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  @JsonProperty
  public String schema() {
    return SCHEMA;
  }

  /**
   * Reads a message from {@code refinery.jobs}. {@code schema} may be left out, and {@code id}
   * where the record's key is the id.
   *
   * @param key of the record, empty where it has none
   * @param value of the record, of any content
   */
  public static ParsedMessage<Job> read(Optional<String> key, byte[] value) {
    return new RequestReader<>(SCHEMA, MAX_BYTES, JobFields::job).read(key, value);
  }

  /** What goes on the topic {@code refinery.jobs}, keyed by {@link #id}. */
  public byte[] toJson() {
    return MessageJson.write(this);
  }
}
