package io.refinery.storage;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import io.refinery.storage.StorageException.Kind;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes calls to a store. Those that fail because the store is unavailable, or because bytes arrive
 * damaged, are retried 5 times; errors are translated.
 */
final class StoreCalls {

  private static final Logger LOG = LoggerFactory.getLogger(StoreCalls.class);

  private static final Set<Kind> PASSING = Set.of(Kind.UNAVAILABLE, Kind.DAMAGED);

  private final StorageErrors errors;
  private final StorageKeys keys;
  private final RetryPolicy<Object> whileUnavailable;

  /**
   * @param keys renewed when the store refuses them
   * @param firstDelay the delay before the first retry; doubles with every further one
   */
  StoreCalls(StorageErrors errors, StorageKeys keys, Duration firstDelay) {
    this.errors = errors;
    this.keys = keys;
    whileUnavailable =
        RetryPolicy.builder()
            .handleIf(e -> e instanceof StorageException s && PASSING.contains(s.kind()))
            .withBackoff(firstDelay, firstDelay.multipliedBy(25))
            .withJitter(0.2)
            .withMaxRetries(5)
            .onRetry(e -> LOG.warn("Retrying: {}", e.getLastException().getMessage()))
            .build();
  }

  /**
   * @param doing what the call does, for messages: "reading s3://..."
   * @throws StorageException when the call fails
   * @throws UncheckedIOException when a local file fails
   */
  <T> T repeatedly(String doing, CheckedSupplier<T> call) {
    try {
      return Failsafe.with(whileUnavailable).get(() -> once(doing, call));
    } catch (FailsafeException e) {
      throw new StorageException(Kind.UNAVAILABLE, "Interrupted while " + doing, e);
    }
  }

  private <T> T once(String doing, CheckedSupplier<T> call) {
    try {
      return call.get();
    } catch (UncheckedIOException e) {
      throw e;
    } catch (Exception e) {
      StorageException failure = errors.translate(doing, e);
      boolean isExpired = StorageErrors.isExpired(e);
      if ((failure.kind() == Kind.DENIED || isExpired) && keys.renew(isExpired)) {
        throw new StorageException(Kind.UNAVAILABLE, failure.getMessage(), e);
      }
      throw failure;
    } catch (Throwable e) {
      throw (Error) e;
    }
  }
}
