package io.refinery.storage;

import io.minio.Http;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** Creates HTTP clients for object stores. */
final class HttpClients {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TRANSFER_TIMEOUT = Duration.ofSeconds(60);
  private static final int PARALLEL_REQUESTS = 64;

  private HttpClients() {}

  static OkHttpClient of(URI endpoint) {
    OkHttpClient.Builder builder = endpoint.getScheme().equals("https") ? encrypted() : plain();
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

  /**
   * The MinIO client's default client, which reads certificates from SSL_CERT_FILE and
   * SSL_CERT_DIR.
   */
  private static OkHttpClient.Builder encrypted() {
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
