package io.refinery.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.testkit.Stack;
import io.refinery.testkit.StackTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store behind https, whose certificate no public authority issued. */
@StackTest
class TlsStorageIT {

  private final Stack stack;
  private final ObjectRef ref;

  @TempDir private Path folder;

  TlsStorageIT(Stack stack) {
    this.stack = stack;
    stack.storage().close();
    ref = new ObjectRef(stack.bucket(), UUID.randomUUID().toString());
  }

  @Test
  void aStoreWithACertificateOfAPrivateAuthorityIsUsed() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder, "store", "ip:127.0.0.1");
    try (TlsProxy proxy = TlsProxy.start(certificate, stack.s3Endpoint());
        MinioStorage storage = storage(proxy, Optional.of(certificate.pem()))) {
      Path large = Files.write(folder.resolve("large"), new byte[20 << 20]);
      storage.put(ref, "content".getBytes(UTF_8));
      assertThat(storage.read(ref, 100).text()).isEqualTo("content");
      assertThat(storage.putIfAbsent(ref, new byte[1])).isEmpty();
      storage.upload(ref, large);
      assertThat(storage.find(ref).orElseThrow().size()).isEqualTo(20 << 20);
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefusedAndTheSettingNamed() throws Exception {
    TestCertificate own = TestCertificate.create(folder, "store", "ip:127.0.0.1");
    TestCertificate other = TestCertificate.create(folder, "other", "ip:127.0.0.1");
    try (TlsProxy proxy = TlsProxy.start(own, stack.s3Endpoint());
        MinioStorage storage = storage(proxy, Optional.of(other.pem()));
        MinioStorage asJava = storage(proxy, Optional.empty())) {
      assertRefused(storage);
      assertRefused(asJava);
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder, "store", "dns:store.example");
    try (TlsProxy proxy = TlsProxy.start(certificate, stack.s3Endpoint());
        MinioStorage storage = storage(proxy, Optional.of(certificate.pem()))) {
      assertRefused(storage);
    }
  }

  @Test
  void aFileWithoutCertificatesIsNamed() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path text = Files.writeString(folder.resolve("text.pem"), "-----BEGIN CERTIFICATE-----\nx\n");
    for (Path file : new Path[] {empty, text, folder.resolve("missing.pem")}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> storage(URI.create("https://127.0.0.1:1"), Optional.of(file)).close())
          .withMessageContaining(file.toString());
    }
  }

  private MinioStorage storage(TlsProxy proxy, Optional<Path> certificates) {
    return storage(proxy.endpoint(), certificates);
  }

  private MinioStorage storage(URI endpoint, Optional<Path> certificates) {
    return new MinioStorage(
        new StorageConfig(
            endpoint,
            StorageConfig.DEFAULT_REGION,
            StorageCredentials.of(stack.accessKey(), stack.secretKey()),
            certificates),
        Duration.ofMillis(1));
  }

  private void assertRefused(MinioStorage storage) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> storage.read(ref, 100))
        .withMessageContaining("refinery.storage.certificates");
  }
}
