package io.refinery.storage;

import java.time.Instant;

/**
 * A listed object.
 *
 * @param modified when it was last written, by the store's clock
 */
public record DatedObject(StoredObject object, Instant modified) {}
