package io.refinery.registry;

/**
 * The exact version that a reference resolved to at one moment.
 *
 * @param manifestSha256 hash that the version's manifest must have, 64 hexadecimal digits
 */
public record ResolvedModel(ModelVersion version, String manifestSha256) {}
