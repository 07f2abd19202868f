package io.refinery.storage;

import java.time.Instant;

/**
 * An upload in parts that was neither completed nor aborted. Its parts take up space, but are in no
 * list of objects.
 *
 * @param ref the object that it would become
 * @param id the store's name of the upload
 * @param begun by the store's clock
 */
public record UnfinishedUpload(ObjectRef ref, String id, Instant begun) {}
