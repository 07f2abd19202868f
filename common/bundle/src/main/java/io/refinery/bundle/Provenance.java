package io.refinery.bundle;

import java.util.Map;

/**
 * What produced a bundle, stored as attributes (HDF5) or as JSON in the comment (ZIP).
 *
 * @param attributes by name, such as {@code refinery.model} = {@code eyes@7}, in a fixed order
 */
public record Provenance(Map<String, String> attributes) {}
