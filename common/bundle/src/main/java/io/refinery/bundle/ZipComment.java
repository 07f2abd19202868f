package io.refinery.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/**
 * The comment of a ZIP: JSON with the provenance. The comment of the source is its field {@code
 * refinery.comment}, or {@code refinery.previous} if it is itself provenance.
 */
final class ZipComment {

  private static final String PREFIX = "refinery.";

  /** Longest comment of a ZIP, in bytes. */
  private static final int LONGEST = 0xFFFF;

  private static final ObjectMapper JSON = new ObjectMapper();

  private ZipComment() {}

  static String of(Provenance provenance) throws JsonProcessingException {
    String comment = JSON.writeValueAsString(provenance.attributes());
    int bytes = bytes(comment);
    if (bytes > LONGEST) {
      throw new IllegalArgumentException(
          "The provenance has " + bytes + " bytes; the comment of a ZIP holds at most " + LONGEST);
    }
    return comment;
  }

  /**
   * @param source comment of the source, as it is stored
   * @throws BundleException when both are too long for a comment
   */
  static String of(Provenance provenance, byte[] source)
      throws BundleException, JsonProcessingException {
    if (source.length == 0) {
      return of(provenance);
    }
    ObjectNode json = JSON.valueToTree(provenance.attributes());
    String text = ZipNames.text(source);
    JsonNode earlier = earlier(text);
    if (earlier.isObject()) {
      json.set(PREFIX + "previous", earlier);
    } else {
      json.put(PREFIX + "comment", text);
    }
    String comment = JSON.writeValueAsString(json);
    if (bytes(comment) > LONGEST) {
      throw new BundleException(
          BundleFault.UNSUPPORTED,
          "The comment of the ZIP file has "
              + source.length
              + " bytes, too many to keep it beside what Refinery adds; shorten it");
    }
    return comment;
  }

  /** Returns earlier provenance, or a missing node. */
  private static JsonNode earlier(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      boolean ours =
          json.isObject()
              && json.properties().stream().anyMatch(f -> f.getKey().startsWith(PREFIX));
      return ours ? json : JSON.missingNode();
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
