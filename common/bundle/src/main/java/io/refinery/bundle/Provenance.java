package io.refinery.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What produced a bundle, stored as attributes (HDF5) or as JSON in the comment (ZIP).
 *
 * @param attributes by name, such as {@code refinery.model} = {@code eyes@7}, in a fixed order
 */
public record Provenance(Map<String, String> attributes) {

  /** An attribute of HDF5 holds less than 64 KiB, and so does the comment of a ZIP. */
  private static final int LONGEST = 24_000;

  /** Returns it with what a bundle does not hold of its source, as JSON. */
  Provenance with(RewriteReport report) {
    Map<String, String> all = new LinkedHashMap<>(attributes);
    if (!report.leftOut().isEmpty()) {
      all.put("refinery.leftOut", json(report.leftOut()));
    }
    if (!report.remarks().isEmpty()) {
      all.put("refinery.remarks", json(report.remarks()));
    }
    return new Provenance(all);
  }

  /** Returns a list as JSON, without its last elements if it is too long. */
  private static String json(List<?> list) {
    try {
      String json = new ObjectMapper().writeValueAsString(list);
      return json.length() <= LONGEST ? json : json(list.subList(0, list.size() / 2));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write as JSON: " + list, e);
    }
  }
}
