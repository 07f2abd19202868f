package io.refinery.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.json.Json;
import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.message.ParsedMessage.Rejected;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Reads requests that people write by hand. It reads id and schema first, so that errors in other
 * fields reach the sender. Unknown fields are ignored.
 *
 * @param <T> the request
 * @param schema the only supported schema
 * @param maxBytes the most bytes of a message
 * @param fields creates a request from an object's fields and the record's key, or throws {@link
 *     IllegalArgumentException} with a sentence that lacks its full stop
 */
record RequestReader<T>(
    String schema, int maxBytes, BiFunction<JsonNode, Optional<String>, T> fields) {

  /**
   * @param key the record's key, which replaces a missing id
   * @param value the record's value, which may be anything
   */
  ParsedMessage<T> read(Optional<String> key, byte[] value) {
    Optional<String> id = key.filter(Job::isId);
    if (value.length > maxBytes) {
      return new Rejected<>(
          id,
          ErrorCode.BAD_MESSAGE,
          "The message has %,d bytes; at most %,d are allowed.".formatted(value.length, maxBytes));
    }
    try {
      JsonNode json = Json.mapper().readTree(value);
      if (json == null || !json.isObject()) {
        return new Rejected<>(id, ErrorCode.BAD_MESSAGE, "The message is not a JSON object.");
      }
      Optional<String> named = JsonFields.text(json, "id").filter(Job::isId);
      id = named.isPresent() ? named : id;
      String given = JsonFields.text(json, "schema").orElse(schema);
      if (!given.equals(schema)) {
        return new Rejected<>(
            id,
            ErrorCode.UNKNOWN_SCHEMA,
            "The schema '%s' is not supported; use %s.".formatted(given, schema));
      }
      JsonFields.requireText(json);
      return new Accepted<>(fields.apply(json, key));
    } catch (IOException e) {
      BrokenMessage broken = BrokenMessage.of(value, e);
      return new Rejected<>(
          broken.id().isPresent() ? broken.id() : id, ErrorCode.BAD_MESSAGE, broken.sentence());
    } catch (IllegalArgumentException e) {
      return new Rejected<>(id, ErrorCode.BAD_MESSAGE, e.getMessage() + ".");
    }
  }
}
