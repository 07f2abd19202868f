package io.refinery.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.refinery.storage.StorageException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests failures of a store, simulated by an HTTP server with scripted responses. */
class MinioStorageTest {

  private static final ObjectRef REF = new ObjectRef("bucket", "claim");
  private static final byte[] MINE = "mine".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;
  private MinioStorage storage;

  private record Answer(int status, String body, Map<String, String> headers) {
    Answer(int status, String body) {
      this(status, body, Map.of("ETag", "\"tag\""));
    }
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    storage = storage(server.getAddress().getPort());
  }

  private static MinioStorage storage(int port) {
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    return new MinioStorage(
        new StorageConfig(endpoint, StorageConfig.DEFAULT_REGION, "key", "secret-secret"),
        Duration.ofMillis(1));
  }

  @AfterEach
  void stop() {
    storage.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    exchange.getRequestBody().readAllBytes();
    Answer answer = answers.remove();
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void willAnswer(int status, String code) {
    String xml = "<Error><Code>" + code + "</Code><Message>as told</Message></Error>";
    answers.add(new Answer(status, xml));
  }

  private void willAnswer(String body) {
    answers.add(new Answer(200, body));
  }

  private void willAnswer(String body, Map<String, String> headers) {
    answers.add(new Answer(200, body, headers));
  }

  /** Checksums of {@code mine}, computed by other programs. */
  @ParameterizedTest
  @CsvSource({
    "x-amz-meta-refinery-sha256, "
        + "3fd30542fe3f61b14bd4a4b2dc0b6fb30fa6f63ebce52dd1778aaa8c4dc02cff",
    "x-amz-checksum-sha256, P9MFQv4/YbFL1KSy3Atvsw+m9j685S3Rd4qqjE3ALP8=",
    "x-amz-checksum-crc32, aajTkw==",
    "x-amz-checksum-crc32c, /4Yfgg==",
    "x-amz-checksum-crc64nvme, J9MMtwec/4o=",
    "ETag, 918b81db5e91d031548b963c93845e5b"
  })
  void bytesThatChangedOnTheWayAreReadAgain(String header, String checksum) throws IOException {
    willAnswer("mIne", Map.of(header, checksum));
    willAnswer("mine", Map.of(header, checksum));
    assertThat(storage.read(REF, 100).bytes()).isEqualTo(MINE);
    assertThat(asked).hasValue(2);

    Path file = folder.resolve("file");
    willAnswer("mIne", Map.of(header, checksum));
    willAnswer("mine", Map.of(header, checksum));
    assertThat(storage.download(REF, file, 100).sha256()).isEqualTo(Sha256.of(MINE));
    assertThat(file).hasBinaryContent(MINE);
    assertThat(asked).hasValue(4);
  }

  @Test
  void bytesThatNeverMatchTheirChecksumAreDamagedAndNotAnOutage() {
    for (int attempt = 0; attempt < 6; attempt++) {
      willAnswer("mIne", Map.of("x-amz-meta-refinery-sha256", Sha256.of(MINE)));
    }

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.download(REF, folder.resolve("file"), 100))
        .withMessageContainingAll("s3://bucket/claim", "arrived damaged", Sha256.of(MINE))
        .extracting(StorageException::kind)
        .isEqualTo(Kind.DAMAGED);
    assertThat(asked).hasValue(6);
  }

  @ParameterizedTest
  @CsvSource({
    "ETag, 0123456789abcdef0123456789abcdef-2, Date, ignored",
    "ETag, 0x8DD0123456789AB, Date, ignored",
    "ETag, 0123456789abcdef0123456789abcdef, x-amz-server-side-encryption, aws:kms",
    "ETag, 0123456789abcdef0123456789abcdef, x-amz-server-side-encryption-customer-algorithm,"
        + " AES256",
    "ETag, 0123456789abcdef0123456789abcdef, x-amz-checksum-crc32, aajTkw==",
    "x-amz-checksum-crc32, AAAAAA==, x-amz-checksum-type, COMPOSITE",
    "x-amz-checksum-crc32, AAAAAA==-3, Date, ignored"
  })
  void tagsAndChecksumsThatAreNotOfTheContentAreNotCompared(
      String header, String value, String other, String otherValue) {
    willAnswer("mine", Map.of(header, value, other, otherValue));

    assertThat(storage.read(REF, 100).bytes()).isEqualTo(MINE);
  }

  @Test
  void requestsToAFailingStoreAreRetried() {
    willAnswer(503, "SlowDown");
    willAnswer(500, "InternalError");
    willAnswer("mine");

    assertThat(storage.read(REF, 100).bytes()).isEqualTo(MINE);
  }

  @Test
  void aStoreThatKeepsFailingIsUnavailable() {
    for (int attempt = 0; attempt < 6; attempt++) {
      willAnswer(503, "SlowDown");
    }

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.read(REF, 100))
        .withMessageContainingAll("s3://bucket/claim", "SlowDown", "127.0.0.1")
        .extracting(StorageException::kind)
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(asked).hasValue(6);
  }

  @Test
  void aRefusedRequestIsNotRetried() {
    willAnswer(403, "AccessDenied");

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.read(REF, 100))
        .extracting(StorageException::kind)
        .isEqualTo(Kind.DENIED);
    assertThat(asked).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({
    "400, InvalidBucketName, NOT_FOUND",
    "400, InvalidObjectName, NOT_FOUND",
    "400, XMinioInvalidObjectName, NOT_FOUND",
    "400, KeyTooLongError, NOT_FOUND",
    "400, InvalidURI, NOT_FOUND",
    "400, InvalidArgument, DENIED",
    "404, NoSuchBucket, NOT_FOUND",
    "409, BucketAlreadyExists, DENIED",
    "501, NotImplemented, DENIED",
    "505, HTTPVersionNotSupported, DENIED"
  })
  void anErrorThatNeverPassesIsNotRetried(int status, String code, Kind kind) {
    willAnswer(status, code);

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.read(REF, 100))
        .withMessageContainingAll("s3://bucket/claim", code)
        .extracting(StorageException::kind)
        .isEqualTo(kind);
    assertThat(asked).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({
    "400, RequestTimeout",
    "400, IncompleteBody",
    "403, RequestTimeTooSkewed",
    "408, Timeout",
    "409, OperationAborted",
    "429, TooManyRequests",
    "503, SlowDown"
  })
  void anErrorThatPassesIsRetried(int status, String code) {
    willAnswer(status, code);
    willAnswer("mine");

    assertThat(storage.read(REF, 100).bytes()).isEqualTo(MINE);
  }

  @Test
  void aNameThatTheClientCannotSendIsNotTakenForAnOutage() {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.list("bucket", "\ud800"))
        .extracting(StorageException::kind)
        .isEqualTo(Kind.NOT_FOUND);
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.read(new ObjectRef("No_Bucket", "a"), 100))
        .extracting(StorageException::kind)
        .isEqualTo(Kind.NOT_FOUND);
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.read(new ObjectRef("bucket", "a/../b"), 100))
        .extracting(StorageException::kind)
        .isEqualTo(Kind.NOT_FOUND);
    assertThat(asked).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({"507, XMinioStorageFull", "403, QuotaExceeded"})
  void aFullStoreIsReportedAtOnce(int status, String code) {
    willAnswer(status, code);

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.put(REF, MINE))
        .withMessageContainingAll("is full", "make room", code, "as told")
        .extracting(StorageException::kind)
        .isEqualTo(Kind.FULL);
    assertThat(asked).hasValue(1);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "Only Linux has a device that is always full")
  void aFullDiskOfThisMachineIsNamedAtOnce() {
    willAnswer("x".repeat(1 << 17));

    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> storage.download(REF, Path.of("/dev/full"), Long.MAX_VALUE))
        .withMessageContainingAll("Cannot write /dev/full", "The disk of /dev is full", "KiB free");
    assertThat(asked).hasValue(1);
  }

  @Test
  void anUnreachableStoreIsUnavailableAndNamed() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (MinioStorage nowhere = storage(port)) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> nowhere.find(REF))
          .withMessageContaining("127.0.0.1:" + port)
          .extracting(StorageException::kind)
          .isEqualTo(Kind.UNAVAILABLE);
    }
  }

  @Test
  void aConditionalPutWhoseResponseWasLostIsRecognisedByItsBytes() {
    willAnswer(500, "InternalError");
    willAnswer(412, "PreconditionFailed");
    willAnswer("mine");

    assertThat(storage.putIfAbsent(REF, MINE)).contains(new StoredObject(REF, MINE.length, "tag"));
  }

  @Test
  void aConditionalPutThatFindsOtherBytesAfterAFailureHasLost() {
    willAnswer(500, "InternalError");
    willAnswer(412, "PreconditionFailed");
    willAnswer("theirs");

    assertThat(storage.putIfAbsent(REF, MINE)).isEqualTo(Optional.empty());
  }

  @Test
  void aConditionalPutRefusedAtOnceIsNotRetried() {
    willAnswer(412, "PreconditionFailed");

    assertThat(storage.putIfAbsent(REF, MINE)).isEqualTo(Optional.empty());
    assertThat(asked).hasValue(1);
  }

  @Test
  void conflictingConditionalPutsAreRetried() {
    willAnswer(409, "ConditionalRequestConflict");
    willAnswer("");

    assertThat(storage.putIfAbsent(REF, MINE)).isPresent();
  }

  @Test
  void anObjectThatIsTooLargeIsNotRead() {
    willAnswer("mine");

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.read(REF, 3))
        .withMessageContaining("4 bytes")
        .extracting(StorageException::kind)
        .isEqualTo(Kind.TOO_LARGE);
  }

  @Test
  void closingFreesItsThreads() {
    willAnswer("mine");
    storage.read(REF, 100);

    storage.close();

    // The client's own threads stay alive for a minute, and so does the JVM.
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(
                        thread -> !thread.isDaemon() && thread.getName().startsWith("OkHttp")));
  }

  @Test
  void anEndpointWithoutHostOrSchemeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StorageConfig(URI.create("localhost:9000"), "r", "a", "s"))
        .withMessageContaining("localhost:9000");
  }

  @Test
  void theSecretIsNotPrinted() {
    assertThat(new StorageConfig(URI.create("http://h:1"), "r", "key", "hidden").toString())
        .doesNotContain("hidden");
  }
}
