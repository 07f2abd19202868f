package io.refinery.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
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
        JsonFields.texts(json, "images"));
  }

  private static <T> T required(JsonNode json, String field, Function<String, T> parse) {
    return JsonFields.text(json, field)
        .map(parse)
        .orElseThrow(() -> new IllegalArgumentException("The job has no field '" + field + "'"));
  }

  private static OutputFormat format(String text) {
    return Arrays.stream(OutputFormat.values())
        .filter(format -> format.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("'" + text + "' is not a format; use hdf5 or zip"));
  }
}
