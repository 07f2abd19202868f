package io.refinery.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.json.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads messages that people type: id and schema before anything else, so that whatever is wrong
 * reaches whoever sent it.
 *
 * @param <M> what a message turns out to be
 * @param schema the only one that is known
 * @param accepted makes a message of an object's fields, or throws {@link IllegalArgumentException}
 *     with a sentence that lacks its full stop
 */
record TypedMessage<M>(String schema, Function<JsonNode, M> accepted, Rejection<M> rejected) {

  /** Makes a message of what is none. */
  @FunctionalInterface
  interface Rejection<M> {
    /**
     * @param id where it could be read
     * @param message one sentence for whoever sent it
     */
    M of(Optional<String> id, ErrorCode code, String message);
  }

  /**
   * @param key of the record, which stands in for a missing id
   * @param value of the record, of any content
   */
  M read(Optional<String> key, byte[] value) {
    Optional<String> id = key.filter(Job::isId);
    try {
      JsonNode json = Json.mapper().readTree(value);
      if (json == null || !json.isObject()) {
        return rejected.of(id, ErrorCode.BAD_MESSAGE, "The message is no JSON object.");
      }
      Optional<String> named = JsonFields.text(json, "id").filter(Job::isId);
      id = named.isPresent() ? named : id;
      String given = JsonFields.text(json, "schema").orElse(schema);
      if (!given.equals(schema)) {
        return rejected.of(
            id,
            ErrorCode.UNKNOWN_SCHEMA,
            "The schema '%s' is not known here, only %s.".formatted(given, schema));
      }
      return accepted.apply(json);
    } catch (IOException e) {
      return rejected.of(id, ErrorCode.BAD_MESSAGE, "The message is no JSON.");
    } catch (IllegalArgumentException e) {
      return rejected.of(id, ErrorCode.BAD_MESSAGE, e.getMessage() + ".");
    }
  }
}
