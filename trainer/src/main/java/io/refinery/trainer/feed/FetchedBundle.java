package io.refinery.trainer.feed;

import io.refinery.storage.EntryLock;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A bundle's file on this machine. No process removes it from the cache before it is closed.
 *
 * @param use the lock that keeps the file in the cache; empty for a user's file
 */
record FetchedBundle(Path path, Optional<EntryLock> use) implements AutoCloseable {

  @Override
  public void close() {
    use.ifPresent(EntryLock::close);
  }
}
