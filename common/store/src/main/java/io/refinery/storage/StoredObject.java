package io.refinery.storage;

/**
 * The store's description of an object.
 *
 * @param size in bytes
 * @param etag the store's tag of this content, without quotes
 */
public record StoredObject(ObjectRef ref, long size, String etag) {}
