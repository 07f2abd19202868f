package io.refinery.bundle;

/**
 * Something of a bundle that a copy in another format does not hold.
 *
 * @param what its path in the bundle
 * @param why a clause, such as {@code a ZIP has no attributes}
 */
public record Omission(String what, String why) {}
