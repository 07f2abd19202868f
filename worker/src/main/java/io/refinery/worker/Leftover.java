package io.refinery.worker;

import io.refinery.storage.ObjectRef;
import java.time.Instant;

/**
 * Something in the store that no one needs any more.
 *
 * @param ref the object, or the one that an unfinished upload would have become
 * @param why a clause, such as {@code no result names this refined bundle}
 * @param since when it was written, by the store's clock
 */
public record Leftover(ObjectRef ref, String why, Instant since) {}
