package io.refinery.storage;

import io.minio.credentials.AwsConfigProvider;
import io.minio.credentials.Credentials;
import io.minio.credentials.IamAwsProvider;
import io.minio.credentials.Jwt;
import io.minio.credentials.Provider;
import io.minio.credentials.StaticProvider;
import io.minio.credentials.WebIdentityProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProviderException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a store, obtained when a request needs them. Temporary keys are obtained again before
 * they expire, and when the store refuses them.
 */
final class StorageKeys implements Provider {

  private static final Logger LOG = LoggerFactory.getLogger(StorageKeys.class);

  private static final String TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";
  private static final String ROLE = "AWS_ROLE_ARN";

  /** A refusal of temporary keys that are younger than this is not because of their age. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final StorageConfig config;
  private final CredentialsSource source;
  private final Supplier<Provider> providers;
  private Provider provider;
  private Optional<Credentials> last = Optional.empty();
  private long lastChange = System.nanoTime();

  /**
   * @throws IllegalArgumentException when the source lacks something that it needs
   */
  StorageKeys(StorageConfig config) {
    this.config = config;
    this.source =
        config.credentials().source() == CredentialsSource.CHAIN
            ? firstConfigured()
            : config.credentials().source();
    this.providers = providers();
    this.provider = providers.get();
  }

  private CredentialsSource firstConfigured() {
    StorageCredentials given = config.credentials();
    if (given.keys().isPresent()) {
      return CredentialsSource.STATIC;
    }
    if (given.file().isPresent()) {
      return CredentialsSource.FILE;
    }
    if (environmentKeys().isPresent()) {
      return CredentialsSource.STATIC;
    }
    if (variable(TOKEN_FILE).isPresent()) {
      return CredentialsSource.WEB_IDENTITY;
    }
    return Files.exists(profiles()) ? CredentialsSource.AWS_PROFILE : CredentialsSource.INSTANCE;
  }

  private Supplier<Provider> providers() {
    StorageCredentials given = config.credentials();
    return switch (source) {
      case STATIC -> {
        Provider keys =
            given
                .keys()
                .<Provider>map(key -> new StaticProvider(key.accessKey(), key.secretKey(), null))
                .or(this::environmentKeys)
                .orElseThrow(() -> lacking("an access key and a secret key"));
        yield () -> keys;
      }
      case FILE -> {
        // One for all, so that it can fall back to the keys that it read last.
        Provider keys =
            new KeyFile(
                given.file().orElseThrow(() -> lacking("refinery.storage.credentials-file")));
        yield () -> keys;
      }
      case WEB_IDENTITY -> webIdentity();
      case AWS_PROFILE ->
          () ->
              new AwsConfigProvider(
                  profiles().toString(), variable("AWS_PROFILE").orElse("default"));
      case INSTANCE -> {
        OkHttpClient http = HttpClients.ofKeys(config);
        yield () -> new Metadata(http);
      }
      case CHAIN -> throw new IllegalStateException("A chain is resolved before");
    };
  }

  private Optional<Provider> environmentKeys() {
    return variable("AWS_ACCESS_KEY_ID")
        .flatMap(
            access ->
                variable("AWS_SECRET_ACCESS_KEY")
                    .map(
                        secret ->
                            new StaticProvider(
                                access, secret, variable("AWS_SESSION_TOKEN").orElse(null))));
  }

  private Supplier<Provider> webIdentity() {
    Path token =
        Path.of(
            variable(TOKEN_FILE)
                .orElseThrow(() -> lacking("the environment variable " + TOKEN_FILE)));
    Optional<String> role = variable(ROLE);
    if (role.isEmpty() && config.credentials().sts().isEmpty()) {
      throw lacking(
          "the environment variable "
              + ROLE
              + ", which only a service named by"
              + " refinery.storage.sts-endpoint may do without");
    }
    String service =
        config
            .credentials()
            .sts()
            .map(Object::toString)
            .orElse("https://sts." + config.region() + ".amazonaws.com");
    OkHttpClient http = HttpClients.ofKeys(config);
    return () ->
        new WebIdentityProvider(
            () -> token(token),
            service,
            null,
            null,
            role.orElse(null),
            variable("AWS_ROLE_SESSION_NAME").orElse(null),
            http);
  }

  /** Read for every exchange, because the token's issuer replaces it. */
  private static Jwt token(Path file) {
    try {
      return new Jwt(Files.readString(file).strip(), 0);
    } catch (IOException e) {
      throw new ProviderException("the token " + file + " cannot be read: " + e, e);
    }
  }

  private Path profiles() {
    return variable("AWS_SHARED_CREDENTIALS_FILE")
        .map(Path::of)
        .orElse(Path.of(System.getProperty("user.home"), ".aws", "credentials"));
  }

  /** The metadata service of EC2, ECS or EKS. */
  private final class Metadata extends IamAwsProvider {
    Metadata(OkHttpClient http) {
      super(null, http);
    }

    /** Without the web identity, which is a source of its own. */
    @Override
    protected String getProperty(String name) {
      return name.equals(TOKEN_FILE) ? null : variable(name).orElse(null);
    }
  }

  private Optional<String> variable(String name) {
    Map<String, String> environment = config.credentials().environment();
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private IllegalArgumentException lacking(String what) {
    return new IllegalArgumentException(
        "refinery.storage.credentials=%s needs %s".formatted(config.credentials().source(), what));
  }

  /**
   * @throws ProviderException with a sentence, when the source does not give any keys now
   */
  @Override
  public synchronized Credentials fetch() {
    Credentials now;
    try {
      now = provider.fetch();
    } catch (RuntimeException e) {
      LOG.debug("No keys for the store", e);
      throw unavailable(e);
    }
    if (!last.map(before -> same(before, now)).orElse(false)) {
      last = Optional.of(now);
      lastChange = System.nanoTime();
    }
    return now;
  }

  /** Without its cause: the MinIO client reports an exception's cause in place of the exception. */
  private ProviderException unavailable(RuntimeException e) {
    return new ProviderException(
        "There are no keys for the store from %s: %s".formatted(described(), cause(e)));
  }

  private String described() {
    return switch (source) {
      case STATIC -> "the settings";
      case FILE -> "refinery.storage.credentials-file";
      case WEB_IDENTITY -> "the security token service (web identity)";
      case AWS_PROFILE -> "the profile in " + profiles();
      case INSTANCE, CHAIN -> "the instance's metadata service";
    };
  }

  private static String cause(RuntimeException e) {
    String reason = Objects.toString(e.getMessage(), e.toString());
    return e.getCause() == null || reason.contains(Objects.toString(e.getCause().getMessage(), ""))
        ? reason
        : reason + " (" + e.getCause() + ")";
  }

  private static boolean same(Credentials one, Credentials other) {
    return one.accessKey().equals(other.accessKey())
        && one.secretKey().equals(other.secretKey())
        && Objects.equals(one.sessionToken(), other.sessionToken());
  }

  /**
   * Forgets temporary keys after the store refused a request.
   *
   * @param expired whether the store said that they expired
   * @return whether the next request has other keys, so that it is worth trying
   */
  synchronized boolean renew(boolean expired) {
    return switch (source) {
      case STATIC -> false;
      case FILE, AWS_PROFILE -> hasChanged();
      case WEB_IDENTITY, INSTANCE, CHAIN -> {
        boolean old = System.nanoTime() - lastChange >= FRESH.toNanos();
        if (expired || old) {
          provider = providers.get();
        }
        yield expired || old;
      }
    };
  }

  private boolean hasChanged() {
    try {
      return last.isPresent() && !same(last.get(), fetch());
    } catch (ProviderException e) {
      return false;
    }
  }
}
