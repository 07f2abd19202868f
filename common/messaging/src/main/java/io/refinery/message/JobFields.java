package io.refinery.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** Reads a job's fields. */
final class JobFields {

  private JobFields() {}

  static Job job(JsonNode json, Optional<String> key) {
    String id =
        JsonFields.text(json, "id")
            .or(() -> key)
            .orElseThrow(() -> new IllegalArgumentException("The job has no id"));
    return new Job(
        id,
        required(json, "input", ObjectRef::parse),
        required(json, "model", ModelReference::parse),
        JsonFields.text(json, "format").map(JobFields::format),
        JsonFields.texts(json, "images"),
        JsonFields.text(json, "deadline").map(JobFields::deadline));
  }

  private static <T> T required(JsonNode json, String field, Function<String, T> parse) {
    return JsonFields.text(json, field)
        .map(parse)
        .orElseThrow(() -> new IllegalArgumentException("The job has no field '" + field + "'"));
  }

  private static Instant deadline(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "The deadline '" + text + "' is not a point in time such as 2030-01-31T18:00:00Z", e);
    }
  }

  private static OutputFormat format(String text) {
    return Arrays.stream(OutputFormat.values())
        .filter(format -> format.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + text + "' is not a format; use hdf5 or zip"));
  }
}
