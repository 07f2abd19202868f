package io.refinery.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON header of a safetensors file, which is not trusted. */
final class SafetensorsHeader {

  static final String METADATA = "__metadata__";
  static final String F32 = "F32";

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .defaultSetterInfo(JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL))
          .build();

  private SafetensorsHeader() {}

  /**
   * The type, shape and position of one tensor.
   *
   * @param offsets its first byte and the one after its last, counted from the end of the header
   */
  record Entry(String dtype, List<Long> shape, @JsonProperty("data_offsets") List<Long> offsets) {

    long begin() {
      return offsets.get(0);
    }

    long end() {
      return offsets.get(1);
    }

    int count() {
      return Math.toIntExact((end() - begin()) / Float.BYTES);
    }
  }

  /**
   * Returns the tensors' entries by name, in the order of the header.
   *
   * @param dataBytes number of bytes after the header
   * @throws JsonProcessingException when it is not valid header JSON
   * @throws IllegalArgumentException when the tensors do not cover the data exactly
   */
  static Map<String, Entry> parse(String json, long dataBytes) throws JsonProcessingException {
    // The format requires "{" first, so that a file cannot also be valid in another format.
    if (!json.startsWith("{") || !(STRICT.readTree(json) instanceof ObjectNode header)) {
      throw new IllegalArgumentException("its header is not a JSON object");
    }
    JsonNode metadata = header.remove(METADATA);
    if (metadata != null) {
      requireTexts(metadata);
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (!field.getValue().isObject()) {
        throw new IllegalArgumentException("tensor " + field.getKey() + " is not a JSON object");
      }
      Entry entry = STRICT.treeToValue(field.getValue(), Entry.class);
      requireFloats(field.getKey(), entry);
      entries.put(field.getKey(), entry);
    }
    requireContiguous(entries, dataBytes);
    return entries;
  }

  private static void requireTexts(JsonNode metadata) {
    if (!metadata.isObject()
        || !metadata.properties().stream().allMatch(field -> field.getValue().isTextual())) {
      throw new IllegalArgumentException("its " + METADATA + " is not a map of strings");
    }
  }

  private static void requireFloats(String name, Entry entry) {
    if (!entry.dtype().equals(F32)) {
      throw new IllegalArgumentException(
          "tensor " + name + " has type " + entry.dtype() + ", but only F32 is supported");
    }
    if (entry.offsets().size() != 2 || entry.begin() < 0 || entry.end() < entry.begin()) {
      throw new IllegalArgumentException(
          "tensor " + name + " has offsets " + entry.offsets() + ", not a byte range");
    }
    if (entry.end() - entry.begin() != (long) Float.BYTES * size(name, entry.shape())) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + " of shape "
              + entry.shape()
              + " has "
              + (entry.end() - entry.begin())
              + " bytes");
    }
  }

  private static int size(String name, List<Long> shape) {
    try {
      int size = 1;
      for (long length : shape) {
        if (length < 0) {
          throw new IllegalArgumentException("tensor " + name + " has invalid shape " + shape);
        }
        size = Math.multiplyExact(size, Math.toIntExact(length));
      }
      return size;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "tensor " + name + " of shape " + shape + " has too many values", e);
    }
  }

  private static void requireContiguous(Map<String, Entry> entries, long dataBytes) {
    List<Map.Entry<String, Entry>> inOrder =
        entries.entrySet().stream()
            .sorted(
                Comparator.comparingLong(
                        (Map.Entry<String, Entry> named) -> named.getValue().begin())
                    .thenComparingLong(named -> named.getValue().end()))
            .toList();
    long end = 0;
    for (Map.Entry<String, Entry> named : inOrder) {
      if (named.getValue().begin() != end) {
        throw new IllegalArgumentException(
            "tensor "
                + named.getKey()
                + " begins at byte "
                + named.getValue().begin()
                + ", but the one before it ends at "
                + end);
      }
      end = named.getValue().end();
    }
    if (end != dataBytes) {
      throw new IllegalArgumentException(
          "its tensors have " + end + " bytes, but its data has " + dataBytes);
    }
  }
}
