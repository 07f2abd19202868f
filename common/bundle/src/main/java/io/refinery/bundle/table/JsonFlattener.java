package io.refinery.bundle.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.refinery.bundle.BundleException;
import io.refinery.bundle.table.JsonValue.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a JSON file as values by path, such as {@code eye_details/pupil_size}. */
final class JsonFlattener {

  /** The name of a value that is the whole file. */
  static final String WHOLE = "json";

  private static final String OBJECTS = "an array of objects cannot be a label";

  /** Python writes NaN and Infinity. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private final Map<String, JsonValue> values = new LinkedHashMap<>();
  private final JsonParser json;
  private final String name;

  private JsonFlattener(JsonParser json, String name) {
    this.json = json;
    this.name = name;
  }

  /**
   * Reads a file.
   *
   * @param name the file's name, for a message
   * @throws BundleException when it is not JSON, or two values have one path
   */
  static Map<String, JsonValue> read(InputStream stream, String name)
      throws BundleException, IOException {
    String quoted = Examples.quoted(name);
    try (JsonParser json = FACTORY.createParser(stream)) {
      JsonFlattener flattener = new JsonFlattener(json, quoted);
      JsonToken first = json.nextToken();
      if (first == null) {
        throw Faults.unreadable(quoted + " is empty");
      }
      if (first == JsonToken.START_OBJECT) {
        flattener.object("");
      } else {
        flattener.value(WHOLE);
      }
      if (json.nextToken() != null) {
        throw new JsonParseException(json, "there is more after its end");
      }
      return flattener.values;
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
      throw Faults.unreadable(quoted + " is not valid JSON: " + e.getOriginalMessage() + where);
    }
  }

  /**
   * Reads an object.
   *
   * @param prefix its path with a slash at the end; empty for the whole file
   */
  private void object(String prefix) throws BundleException, IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String path = prefix + json.currentName();
      if (json.nextToken() == JsonToken.START_OBJECT) {
        object(path + "/");
      } else {
        value(path);
      }
    }
  }

  private void value(String path) throws BundleException, IOException {
    JsonValue value = json.currentToken() == JsonToken.START_ARRAY ? array() : scalar();
    if (values.put(path, value) != null) {
      throw Faults.ambiguous(
          name + " has two values for " + Examples.quoted(path) + "; rename one of its keys");
    }
  }

  private JsonValue scalar() throws IOException {
    return switch (json.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JsonValue.of(Kind.NUMBER, json.getText());
      case VALUE_NULL -> JsonValue.of(Kind.NULL, "");
      default -> JsonValue.of(Kind.TEXT, json.getText());
    };
  }

  private JsonValue array() throws IOException {
    List<JsonValue> elements = new ArrayList<>();
    String problem = "";
    for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
      if (next == JsonToken.START_OBJECT) {
        json.skipChildren();
        problem = OBJECTS;
      } else {
        elements.add(next == JsonToken.START_ARRAY ? array() : scalar());
      }
    }
    return problem.isEmpty() ? joined(elements) : JsonValue.unfit(problem);
  }

  private static JsonValue joined(List<JsonValue> elements) {
    if (elements.isEmpty()) {
      return JsonValue.unfit("it is an empty array");
    }
    Kind kind = Kind.NULL;
    List<String> cells = new ArrayList<>();
    for (JsonValue element : elements) {
      if (!element.isFit()) {
        return element;
      }
      if (!element.dims().equals(elements.get(0).dims())) {
        return JsonValue.unfit("its inner arrays differ in length");
      }
      if (kind == Kind.NULL) {
        kind = element.kind();
      } else if (element.kind() != kind && element.kind() != Kind.NULL) {
        return JsonValue.unfit("it mixes numbers and text");
      }
      cells.addAll(element.cells());
    }
    if (kind == Kind.TEXT && elements.stream().anyMatch(one -> one.kind() == Kind.NULL)) {
      return JsonValue.unfit("it mixes text and null");
    }
    List<Integer> dims = new ArrayList<>(List.of(elements.size()));
    dims.addAll(elements.get(0).dims());
    return JsonValue.array(kind, dims, cells);
  }
}
