package io.refinery.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What can be said about a message that is not one JSON object.
 *
 * @param id the id that it names, if it names only one before it breaks off
 * @param sentence what is wrong with it
 */
record BrokenMessage(Optional<String> id, String sentence) {

  private static final JsonFactory LENIENT = new JsonFactory();

  /** How Jackson's strict duplicate detection begins its sentence, which names the field. */
  private static final String DUPLICATE = "Duplicate field";

  /**
   * @param failure why the strict reader refused the message
   */
  static BrokenMessage of(byte[] value, IOException failure) {
    Set<String> ids = new HashSet<>();
    boolean complete = readObject(value, ids);
    return new BrokenMessage(
        ids.size() == 1 ? ids.stream().filter(Job::isId).findFirst() : Optional.empty(),
        sentence(failure, complete));
  }

  /** Reads the first object's ids and returns whether the object is complete. */
  private static boolean readObject(byte[] value, Set<String> ids) {
    try (JsonParser parser = LENIENT.createParser(value)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isId = parser.currentName().equals("id");
        if (parser.nextToken() == JsonToken.VALUE_STRING && isId) {
          ids.add(parser.getText());
        }
        parser.skipChildren();
      }
      return parser.currentToken() == JsonToken.END_OBJECT;
    } catch (IOException e) {
      return false; // The ids before this point still count.
    }
  }

  private static String sentence(IOException failure, boolean complete) {
    if (failure instanceof JsonProcessingException json
        && json.getOriginalMessage().startsWith(DUPLICATE)) {
      return "The message is ambiguous: %s in line %d, column %d. Send each field once."
          .formatted(
              json.getOriginalMessage(),
              json.getLocation().getLineNr(),
              json.getLocation().getColumnNr());
    }
    return complete
        ? "The message continues after its JSON object; send one object per message."
        : "The message is not JSON.";
  }
}
