package io.refinery.storage;

import io.minio.Http;
import java.time.Duration;
import java.util.List;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** Creates HTTP clients for object stores. */
final class HttpClients {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TRANSFER_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration KEYS_TIMEOUT = Duration.ofSeconds(10);
  private static final int PARALLEL_REQUESTS = 64;

  private HttpClients() {}

  /**
   * @throws IllegalArgumentException when the certificates that {@code config} names cannot be used
   */
  static OkHttpClient of(StorageConfig config) {
    boolean isEncrypted = config.endpoint().getScheme().equals("https");
    OkHttpClient.Builder builder = isEncrypted ? encrypted(config) : plain();
    OkHttpClient http =
        builder
            .socketFactory(new NoDelaySockets())
            .connectTimeout(CONNECT_TIMEOUT)
            .readTimeout(TRANSFER_TIMEOUT)
            .writeTimeout(TRANSFER_TIMEOUT)
            .build();
    http.dispatcher().setMaxRequests(PARALLEL_REQUESTS);
    http.dispatcher().setMaxRequestsPerHost(PARALLEL_REQUESTS);
    return http;
  }

  /** Creates a client for services that give keys out; it gives up after 10 seconds. */
  static OkHttpClient ofKeys(StorageConfig config) {
    boolean isOwnService = config.credentials().sts().isPresent();
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .protocols(List.of(Protocol.HTTP_1_1))
            .connectTimeout(CONNECT_TIMEOUT)
            .callTimeout(KEYS_TIMEOUT);
    return config
        .certificates()
        .filter(file -> isOwnService)
        .map(file -> TrustedCertificates.trustOnly(file, builder))
        .orElse(builder)
        .build();
  }

  /**
   * A client that trusts the configured certificates, or the MinIO client's default client, which
   * reads certificates from SSL_CERT_FILE and SSL_CERT_DIR.
   */
  private static OkHttpClient.Builder encrypted(StorageConfig config) {
    if (config.certificates().isPresent()) {
      return TrustedCertificates.trustOnly(
          config.certificates().get(),
          new OkHttpClient.Builder().protocols(List.of(Protocol.HTTP_1_1)));
    }
    OkHttpClient.Builder builder = Http.newDefaultClient().newBuilder();
    // The only interceptor retries every request, even one that must not be repeated.
    builder.interceptors().clear();
    return builder;
  }

  /** A client without the certificates of all authorities, which take 0.9 s of CPU time to load. */
  private static OkHttpClient.Builder plain() {
    return new OkHttpClient.Builder()
        .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
        .protocols(List.of(Protocol.HTTP_1_1));
  }
}
