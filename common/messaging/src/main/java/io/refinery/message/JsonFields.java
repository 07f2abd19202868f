package io.refinery.message;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Reads fields one by one, so that an error can name its field. */
final class JsonFields {

  private JsonFields() {}

  static Optional<String> text(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw new IllegalArgumentException("The field '" + field + "' is not text");
    }
    return Optional.of(value.textValue());
  }
}
