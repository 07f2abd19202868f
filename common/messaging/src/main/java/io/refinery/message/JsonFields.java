package io.refinery.message;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /**
   * Refuses half of a surrogate pair anywhere in a message. Java and JSON can write one, but no
   * store, broker or file can: a field that has one fails much later, with the wrong cause.
   *
   * @throws IllegalArgumentException naming the field
   */
  static void requireText(JsonNode json) {
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (!isText(field.getKey()) || !isText(field.getValue())) {
        throw new IllegalArgumentException(
            "The field '"
                + field.getKey()
                + "' has half of a surrogate pair, such as \\ud800, which is not text");
      }
    }
  }

  private static boolean isText(JsonNode value) {
    if (value.isTextual()) {
      return isText(value.textValue());
    }
    for (JsonNode child : value) {
      if (!isText(child)) {
        return false;
      }
    }
    return value.properties().stream().allMatch(field -> isText(field.getKey()));
  }

  private static boolean isText(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** Returns a list of texts; empty if the field is missing. */
  static List<String> texts(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : value) {
      if (item.isTextual()) {
        texts.add(item.textValue());
      }
    }
    if (!value.isArray() || texts.size() != value.size()) {
      throw new IllegalArgumentException("The field '" + field + "' is not a list of texts");
    }
    return texts;
  }
}
