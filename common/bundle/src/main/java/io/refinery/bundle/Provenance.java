package io.refinery.bundle;

import java.util.Map;

/**
 * What made a bundle, kept in it as attributes (HDF5) or in its comment as JSON (ZIP).
 *
 * @param attributes by name, such as {@code refinery.model} = {@code eyes@7}, in a fixed order
 */
public record Provenance(Map<String, String> attributes) {}
