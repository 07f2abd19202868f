package io.refinery.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

class FullDiskStoreTest {

  private static final PutObjectRequest REQUEST =
      PutObjectRequest.builder().bucket("bucket").key("key").build();

  @TempDir Path folder;

  /** A store whose every write fails. */
  private FullDiskStore failing(String message) {
    Properties none = new Properties();
    return new FullDiskStore(
        new ForwardingBlobStore(BlobStores.create("transient-nio2", none)) {
          @Override
          public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
            throw new UncheckedIOException(new IOException(message));
          }
        },
        folder);
  }

  private static InputStream body() {
    return new ByteArrayInputStream(new byte[1]);
  }

  @Test
  void aFullDiskIsReportedWithItsFolderAndFreeSpaceAndIsNotWorthARetry() {
    try (FullDiskStore store = failing("No space left on device")) {
      assertThatExceptionOfType(S3Exception.class)
          .isThrownBy(() -> store.putBlob(REQUEST, body()))
          .satisfies(
              e -> {
                assertThat(e.statusCode()).isEqualTo(507);
                assertThat(e.awsErrorDetails().errorCode()).isEqualTo("XMinioStorageFull");
                assertThat(e.awsErrorDetails().errorMessage())
                    .startsWith("The disk of " + folder + " is full (")
                    .contains(" KiB free): make room there");
              });
    }
  }

  @Test
  void otherFailuresAreLeftAlone() {
    try (FullDiskStore store = failing("Input/output error")) {
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> store.putBlob(REQUEST, body()));
    }
  }
}
