package io.refinery.trainer.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.refinery.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Changes individual parameters of a plan by their names in a manifest. */
final class PlanSettings {

  private PlanSettings() {}

  static TrainingPlan apply(TrainingPlan plan, Map<String, String> settings) {
    JsonNode tree = Json.mapper().valueToTree(plan);
    settings.forEach((path, value) -> set(tree, path, value));
    try {
      return Json.mapper().treeToValue(tree, TrainingPlan.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot apply " + settings + " to the plan: " + reason(e), e);
    }
  }

  static List<String> differences(TrainingPlan plan, TrainingPlan other) {
    List<String> differences = new ArrayList<>();
    compare("", Json.mapper().valueToTree(plan), Json.mapper().valueToTree(other), differences);
    return differences;
  }

  private static void compare(
      String path, JsonNode plan, JsonNode other, List<String> differences) {
    if (plan.isObject() && other.isObject() && plan.path("type").equals(other.path("type"))) {
      plan.fieldNames()
          .forEachRemaining(
              name ->
                  compare(
                      path.isEmpty() ? name : path + "." + name,
                      plan.path(name),
                      other.path(name),
                      differences));
    } else if (!plan.equals(other)) {
      differences.add(path + ": " + plan + ", not " + other);
    }
  }

  private static void set(JsonNode tree, String path, String value) {
    JsonNode parent = tree;
    String[] names = path.split("\\.", -1);
    for (int i = 0; i < names.length; i++) {
      JsonNode child = parent.get(names[i]);
      if (child == null) {
        throw new IllegalArgumentException(
            "A training plan has no parameter '" + path + "'; available here: " + names(parent));
      }
      if (i == names.length - 1) {
        ((ObjectNode) parent).set(names[i], parse(value, child, path));
      }
      parent = child;
    }
  }

  private static JsonNode parse(String value, JsonNode before, String path) {
    if (before.isTextual()) {
      return new TextNode(value);
    }
    try {
      JsonNode parsed = Json.mapper().readTree(value);
      boolean fits =
          before.isIntegralNumber()
              ? parsed.isIntegralNumber()
              : before.getNodeType() == parsed.getNodeType();
      if (fits) {
        return parsed;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(wrong(value, before, path), e);
    }
    throw new IllegalArgumentException(wrong(value, before, path));
  }

  private static String wrong(String value, JsonNode before, String path) {
    String kind = before.isIntegralNumber() ? "a whole number" : "JSON like " + before;
    return "The parameter '" + path + "' must be " + kind + ", not '" + value + "'";
  }

  private static String names(JsonNode node) {
    TreeSet<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  private static String reason(JsonProcessingException e) {
    Throwable cause = e.getCause();
    return cause == null ? e.getOriginalMessage() : cause.getMessage();
  }
}
