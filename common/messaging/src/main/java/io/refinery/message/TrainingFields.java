package io.refinery.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads a training request's fields. */
final class TrainingFields {

  private TrainingFields() {}

  static TrainingRequest request(JsonNode json, Optional<String> key) {
    return new TrainingRequest(
        JsonFields.text(json, "id").or(() -> key).orElseThrow(() -> missing("id")),
        JsonFields.text(json, "model")
            .map(model -> parsed("model", model, TrainingFields::name))
            .orElseThrow(() -> missing("model")),
        required(json, "synthetic"),
        required(json, "real"),
        JsonFields.text(json, "preset"),
        plan(json.path("plan")),
        JsonFields.text(json, "from").map(from -> parsed("from", from, ModelReference::parse)),
        JsonFields.text(json, "realCaption"),
        source(json, "labelledReal"));
  }

  private static String name(String model) {
    ModelReference.requireName(model);
    return model;
  }

  private static TrainingSource required(JsonNode json, String field) {
    if (!json.hasNonNull(field)) {
      throw missing(field);
    }
    return source(json, field);
  }

  private static TrainingSource source(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (!value.isObject()) {
      return new TrainingSource(bundles(field, value));
    }
    List<ObjectRef> bundles = bundles(field, value.path("bundles"));
    return parsed(
        field, value, object -> new TrainingSource(bundles, JsonFields.texts(object, "images")));
  }

  private static List<ObjectRef> bundles(String field, JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    List<ObjectRef> bundles = new ArrayList<>();
    for (JsonNode one : value.isArray() ? value : List.of(value)) {
      if (!one.isTextual()) {
        throw new IllegalArgumentException(
            "The field '"
                + field
                + "' must be an address, such as s3://bucket/key, a list of addresses, or an object"
                + " with 'bundles' and 'images'");
      }
      bundles.add(parsed(field, one.textValue(), ObjectRef::parse));
    }
    return bundles;
  }

  private static Map<String, String> plan(JsonNode plan) {
    if (plan.isMissingNode() || plan.isNull()) {
      return Map.of();
    }
    if (!plan.isObject()) {
      throw new IllegalArgumentException(
          "The field 'plan' must be an object of parameters, such as {\"schedule.steps\": 500}");
    }
    Map<String, String> parameters = new TreeMap<>();
    for (Map.Entry<String, JsonNode> parameter : plan.properties()) {
      JsonNode value = parameter.getValue();
      parameters.put(parameter.getKey(), value.isTextual() ? value.textValue() : value.toString());
    }
    return parameters;
  }

  private static <S, T> T parsed(String field, S value, Function<S, T> parse) {
    try {
      return parse.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("The field '" + field + "': " + e.getMessage(), e);
    }
  }

  private static IllegalArgumentException missing(String field) {
    return new IllegalArgumentException("The request has no field '" + field + "'");
  }
}
