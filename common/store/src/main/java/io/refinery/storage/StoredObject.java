package io.refinery.storage;

/**
 * An object as its store describes it.
 *
 * @param size in bytes
 * @param etag the store's tag of this very content, without quotes
 */
public record StoredObject(ObjectRef ref, long size, String etag) {}
