package io.refinery.bundle.table;

import io.refinery.bundle.table.JsonValue.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON of the simulator UnityEyes. It writes numbers as text, vectors as text such as {@code
 * (0.1, 0.2, 0.9, 0.0)}, points in pixels from the bottom left corner with a depth, and a gaze
 * vector whose y is up. They become what its own visualize.py and other readers of it use: y down,
 * from the top.
 */
final class UnityEyes {

  /** The gaze, under the name that it has in other bundles. */
  static final String LOOK_VEC = "look_vec";

  private static final String LOOK_VEC_PATH = "eye_details/look_vec";
  private static final Set<String> POINTS = Set.of("interior_margin_2d", "caruncle_2d", "iris_2d");

  /** A point is x, y and a depth. */
  private static final int POINT = 3;

  private UnityEyes() {}

  /** Whether the values of a file are those that UnityEyes writes. */
  static boolean wrote(Map<String, JsonValue> values) {
    JsonValue look = values.get(LOOK_VEC_PATH);
    return look != null
        && look.kind() == Kind.TEXT
        && look.dims().isEmpty()
        && vector(look.cells().get(0)).isPresent()
        && POINTS.stream().anyMatch(values::containsKey);
  }

  /**
   * Returns the values with their numbers as numbers.
   *
   * @param height of the image, in pixels
   */
  static Map<String, JsonValue> converted(Map<String, JsonValue> values, int height) {
    Map<String, JsonValue> converted = new LinkedHashMap<>();
    values.forEach(
        (path, value) -> {
          JsonValue numbers = value.kind() == Kind.TEXT ? numbers(value) : value;
          if (POINTS.contains(path) && isPoints(numbers)) {
            converted.put(path, fromTop(numbers, height));
          } else if (path.equals(LOOK_VEC_PATH) && isLook(numbers, values)) {
            converted.put(LOOK_VEC, look(numbers));
            if (numbers.cells().size() == 4) {
              converted.put(path + "[3]", JsonValue.unfit("it pads the vector, and is always 0"));
            }
          } else {
            converted.put(path, numbers);
          }
        });
    return converted;
  }

  private static boolean isPoints(JsonValue value) {
    return value.kind() == Kind.NUMBER && value.dims().size() == 2 && value.dims().get(1) == POINT;
  }

  /** Whether a vector is x, y, z, and the 0 that pads it; and no other label has its new name. */
  private static boolean isLook(JsonValue value, Map<String, JsonValue> others) {
    int size = value.cells().size();
    return value.kind() == Kind.NUMBER
        && value.dims().size() == 1
        && (size == 3 || (size == 4 && Double.parseDouble(value.cells().get(3)) == 0))
        && !others.containsKey(LOOK_VEC);
  }

  private static JsonValue look(JsonValue value) {
    List<String> cells = new ArrayList<>(value.cells().subList(0, 3));
    cells.set(1, Double.toString(-Double.parseDouble(cells.get(1))));
    return JsonValue.array(Kind.NUMBER, List.of(3), cells);
  }

  private static JsonValue fromTop(JsonValue value, int height) {
    List<String> cells = new ArrayList<>(value.cells());
    for (int y = 1; y < cells.size(); y += POINT) {
      cells.set(y, Double.toString(height - Double.parseDouble(cells.get(y))));
    }
    return JsonValue.array(Kind.NUMBER, value.dims(), cells).asPoints();
  }

  /** Returns text as numbers or vectors; the value itself if it is neither. */
  private static JsonValue numbers(JsonValue value) {
    if (value.cells().stream().allMatch(NumberScan::isNumber)) {
      return JsonValue.array(Kind.NUMBER, value.dims(), value.cells());
    }
    List<String> cells = new ArrayList<>();
    int size = 0;
    for (String cell : value.cells()) {
      List<String> vector = vector(cell).orElse(List.of());
      if (vector.isEmpty() || (size != 0 && vector.size() != size)) {
        return value;
      }
      size = vector.size();
      cells.addAll(vector);
    }
    List<Integer> dims = new ArrayList<>(value.dims());
    dims.add(size);
    return JsonValue.array(Kind.NUMBER, dims, cells);
  }

  private static Optional<List<String>> vector(String text) {
    String clean = text.strip();
    if (!clean.startsWith("(") || !clean.endsWith(")")) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    for (String part : clean.substring(1, clean.length() - 1).split(",", -1)) {
      if (!NumberScan.isNumber(part)) {
        return Optional.empty();
      }
      parts.add(part.strip());
    }
    return Optional.of(parts);
  }
}
