package io.refinery.storage;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How the keys of an object store are obtained.
 *
 * @param keys for {@link CredentialsSource#STATIC}
 * @param file for {@link CredentialsSource#FILE}: a properties file with {@code access-key}, {@code
 *     secret-key} and, for temporary keys, {@code session-token}, or a folder with a file for each
 * @param sts the security token service for {@link CredentialsSource#WEB_IDENTITY}; empty for that
 *     of AWS in the store's region
 * @param environment variables, such as {@code System.getenv()}
 */
public record StorageCredentials(
    CredentialsSource source,
    Optional<Keys> keys,
    Optional<Path> file,
    Optional<URI> sts,
    Map<String, String> environment) {

  public StorageCredentials {
    environment = Map.copyOf(environment);
  }

  /** Returns keys that never change. */
  public static StorageCredentials of(String accessKey, String secretKey) {
    return new StorageCredentials(
        CredentialsSource.STATIC,
        Optional.of(new Keys(accessKey, secretKey)),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  /** The keys of an account. */
  public record Keys(String accessKey, String secretKey) {

    /** Omits the secret key. */
    @Override
    public String toString() {
      return accessKey;
    }
  }

  /** Names the source alone. */
  @Override
  public String toString() {
    return source + keys.map(known -> " " + known).orElse("");
  }
}
