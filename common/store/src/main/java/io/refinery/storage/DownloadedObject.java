package io.refinery.storage;

/**
 * An object that was read into a file.
 *
 * @param object the store's description of it
 * @param sha256 hash of the bytes received, 64 hexadecimal digits
 */
public record DownloadedObject(StoredObject object, String sha256) {}
