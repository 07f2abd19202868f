package io.refinery.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.refinery.storage.StorageException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sources of a store's keys, with a security token service and a store on this machine. */
class StorageKeysTest {

  private static final ObjectRef REF = new ObjectRef("bucket", "object");
  private static final Pattern ACCESS_KEY = Pattern.compile("Credential=([^/]+)/");

  private final List<String> used = Collections.synchronizedList(new ArrayList<>());
  private final List<String> exchanges = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger expired = new AtomicInteger();
  private volatile int tokenServiceStatus = 200;
  private volatile Instant expiry = Instant.now().plusSeconds(3600);
  private HttpServer server;
  private URI endpoint;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/sts", this::exchange);
    server.createContext("/bucket", this::store);
    server.start();
    endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void exchange(HttpExchange exchange) throws IOException {
    exchanges.add(exchange.getRequestURI().getQuery());
    int number = exchanges.size();
    String answer =
        """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>temporary%d</AccessKeyId>
        <SecretAccessKey>secret</SecretAccessKey><SessionToken>session%d</SessionToken>
        <Expiration>%s</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>\
        """
            .formatted(number, number, expiry);
    answer(exchange, tokenServiceStatus, answer);
  }

  private void store(HttpExchange exchange) throws IOException {
    Matcher key = ACCESS_KEY.matcher(exchange.getRequestHeaders().getFirst("Authorization"));
    String token = exchange.getRequestHeaders().getFirst("X-Amz-Security-Token");
    used.add((key.find() ? key.group(1) : "none") + (token == null ? "" : " " + token));
    boolean refuse = expired.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    answer(
        exchange,
        refuse ? 400 : 200,
        refuse ? "<Error><Code>ExpiredToken</Code><Message>too late</Message></Error>" : "content");
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] body = text.getBytes(UTF_8);
    exchange.getResponseHeaders().set("ETag", "\"tag\"");
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void aTokenIsExchangedForTheKeysOfARole() throws IOException {
    try (MinioStorage storage = webIdentity()) {
      read(storage);
      read(storage);
    }
    assertThat(used).containsExactly("temporary1 session1", "temporary1 session1");
    assertThat(exchanges)
        .singleElement()
        .asString()
        .contains(
            "Action=AssumeRoleWithWebIdentity",
            "RoleArn=arn:aws:iam::1:role/worker",
            "WebIdentityToken=token-1");
  }

  @Test
  void keysThatExpireAreExchangedAgainWithTheTokenOfThatTime() throws IOException {
    expiry = Instant.now().plusSeconds(5);
    try (MinioStorage storage = webIdentity()) {
      read(storage);
      Files.writeString(folder.resolve("token"), "token-2");
      read(storage);
    }
    assertThat(used).containsExactly("temporary1 session1", "temporary2 session2");
    assertThat(exchanges.get(1)).contains("WebIdentityToken=token-2");
  }

  @Test
  void keysThatTheStoreCallsExpiredAreExchangedAgainAndTheRequestSucceeds() throws IOException {
    expired.set(1);
    try (MinioStorage storage = webIdentity()) {
      read(storage);
    }
    assertThat(used).containsExactly("temporary1 session1", "temporary2 session2");
  }

  @Test
  void aTokenServiceThatFailsMakesTheStoreUnavailableUntilItIsBack() throws IOException {
    tokenServiceStatus = 503;
    try (MinioStorage storage = webIdentity()) {
      assertUnavailable(storage, "security token service", "503");
      tokenServiceStatus = 200;
      read(storage);
    }
  }

  @Test
  void aMissingTokenMakesTheStoreUnavailable() throws IOException {
    try (MinioStorage storage = webIdentity()) {
      Path token = folder.resolve("token");
      Files.delete(token);
      assertUnavailable(storage, token.toString());
    }
  }

  @Test
  void keysInAFileAreReadAgainWhenTheyChange() throws IOException {
    Path file = folder.resolve("keys.properties");
    Files.writeString(file, "access-key=first\nsecret-key=s\n");
    try (MinioStorage storage = storage(CredentialsSource.FILE, Optional.of(file), Map.of())) {
      read(storage);
      Files.writeString(file, "access-key=second\nsecret-key=s\nsession-token=t\n");
      read(storage);
      Files.writeString(file, "access-key=half");
      read(storage);
      Files.delete(file);
      read(storage);
    }
    assertThat(used).containsExactly("first", "second t", "second t", "second t");
  }

  @Test
  void aMountedSecretIsAFolder() throws IOException {
    Files.writeString(folder.resolve("access-key"), "mounted\n");
    Files.writeString(folder.resolve("secret-key"), "s\n");
    try (MinioStorage storage = storage(CredentialsSource.FILE, Optional.of(folder), Map.of())) {
      read(storage);
    }
    assertThat(used).containsExactly("mounted");
  }

  @Test
  void aFileWithoutKeysIsNamedAndNotQuoted() throws IOException {
    Path file = Files.writeString(folder.resolve("keys"), "access-key=hush\nsecret=hush\n");
    try (MinioStorage storage = storage(CredentialsSource.FILE, Optional.of(file), Map.of())) {
      assertUnavailable(storage, file + " has no secret-key");
    }
  }

  @Test
  void aProfileOfAwsIsRead() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("profiles"),
            """
            [other]
            aws_access_key_id=theirs
            aws_secret_access_key=s
            [mine]
            aws_access_key_id=mine
            aws_secret_access_key=s
            """);
    Map<String, String> environment =
        Map.of("AWS_SHARED_CREDENTIALS_FILE", file.toString(), "AWS_PROFILE", "mine");
    try (MinioStorage storage =
        storage(CredentialsSource.AWS_PROFILE, Optional.empty(), environment)) {
      read(storage);
    }
    assertThat(used).containsExactly("mine");
  }

  @Test
  void containersGetKeysFromTheirMetadataService() throws IOException {
    server.createContext(
        "/container",
        exchange ->
            answer(
                exchange,
                200,
                "{\"AccessKeyId\":\"container\",\"SecretAccessKey\":\"s\",\"Token\":\"t\","
                    + "\"Expiration\":\""
                    + expiry
                    + "\"}"));
    Map<String, String> environment =
        Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint + "/container");
    try (MinioStorage storage = storage(CredentialsSource.INSTANCE, Optional.empty(), environment);
        MinioStorage chain =
            storage(
                CredentialsSource.CHAIN,
                Optional.empty(),
                Map.of(
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                    endpoint + "/container",
                    "AWS_SHARED_CREDENTIALS_FILE",
                    folder.resolve("none").toString()))) {
      read(storage);
      read(chain);
    }
    assertThat(used).containsExactly("container t", "container t");
  }

  @Test
  void aChainTakesTheFirstSourceThatIsConfigured() throws IOException {
    Path keys = folder.resolve("keys.properties");
    Files.writeString(keys, "access-key=file\nsecret-key=s\n");
    Map<String, String> environment =
        Map.of("AWS_ACCESS_KEY_ID", "environment", "AWS_SECRET_ACCESS_KEY", "s");
    try (MinioStorage file = storage(CredentialsSource.CHAIN, Optional.of(keys), environment);
        MinioStorage variables = storage(CredentialsSource.CHAIN, Optional.empty(), environment)) {
      read(file);
      read(variables);
    }
    assertThat(used).containsExactly("file", "environment");
  }

  @Test
  void aChainDoesNotSkipASourceThatFails() throws IOException {
    tokenServiceStatus = 403;
    Map<String, String> environment = webIdentityEnvironment();
    try (MinioStorage storage = storage(CredentialsSource.CHAIN, Optional.empty(), environment)) {
      assertUnavailable(storage, "from the security token service", "403");
    }
    assertThat(used).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"STATIC", "FILE", "WEB_IDENTITY"})
  void aSourceThatLacksSomethingIsRefusedAtOnce(CredentialsSource source) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> storage(source, Optional.empty(), Map.of()).close())
        .withMessageContaining("refinery.storage.credentials=" + source + " needs");
  }

  @Test
  void sourcesHaveTheNamesOfTheSettings() {
    assertThat(CredentialsSource.parse("web-identity")).isEqualTo(CredentialsSource.WEB_IDENTITY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CredentialsSource.parse("WEB_IDENTITY"))
        .withMessageContainingAll("static", "file", "aws-profile", "instance", "chain");
  }

  private MinioStorage webIdentity() throws IOException {
    return storage(CredentialsSource.WEB_IDENTITY, Optional.empty(), webIdentityEnvironment());
  }

  private Map<String, String> webIdentityEnvironment() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "token-1\n");
    return Map.of(
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        token.toString(),
        "AWS_ROLE_ARN",
        "arn:aws:iam::1:role/worker");
  }

  private MinioStorage storage(
      CredentialsSource source, Optional<Path> file, Map<String, String> environment) {
    StorageCredentials credentials =
        new StorageCredentials(
            source, Optional.empty(), file, Optional.of(endpoint.resolve("/sts")), environment);
    return new MinioStorage(
        new StorageConfig(endpoint, StorageConfig.DEFAULT_REGION, credentials, Optional.empty()),
        Duration.ofMillis(1));
  }

  private static void read(MinioStorage storage) {
    assertThat(new String(storage.read(REF, 100).bytes(), UTF_8)).isEqualTo("content");
  }

  private static void assertUnavailable(MinioStorage storage, String... reasons) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.read(REF, 100))
        .withMessageContainingAll(reasons)
        .withMessageNotContaining("hush")
        .returns(Kind.UNAVAILABLE, StorageException::kind);
  }
}
