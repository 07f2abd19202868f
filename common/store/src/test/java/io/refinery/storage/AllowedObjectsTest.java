package io.refinery.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.refinery.storage.StorageException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedObjectsTest {

  private static final AllowedObjects ALLOWED =
      AllowedObjects.of(List.of("whole", "part/in/here", "slash/end/"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://whole/a",
        "s3://whole/a/b/../c",
        "s3://part/in/here/a",
        "s3://part/in/here/",
        "s3://part/in/here//a",
        "s3://part/in/here/../there/a",
        "s3://part/in/here",
        "s3://slash/end/a"
      })
  void whatLiesBelowAPlaceIsAllowed(String object) {
    assertThat(ALLOWED.contains(ObjectRef.parse(object))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://other/a",
        "s3://whole2/a",
        "s3://Whole/a",
        "s3://part/in/hereafter/a",
        "s3://part/in/her",
        "s3://part/in//here/a",
        "s3://part/in/./here/a",
        "s3://part/in/x/../here/a",
        "s3://part/in%2Fhere/a",
        "s3://part/in\\here/a",
        "s3://part/IN/here/a",
        "s3://part/in/",
        "s3://slash/ended/a"
      })
  void whatLiesElsewhereIsNot(String object) {
    assertThat(ALLOWED.contains(ObjectRef.parse(object))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "s3://bucket", "/bucket", "bucket//a", "bucket/a//"})
  void whatIsNotAPlaceIsRefused(String place) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AllowedObjects.of(Set.of(place)))
        .withMessageContaining("'" + place + "'");
  }

  /** Otherwise an HTTP client would resolve it, to an object outside the prefix. */
  @ParameterizedTest
  @ValueSource(strings = {"here/../there", "here/./there", "here/.."})
  void aKeyThatAnUrlWouldResolveIsNeverSent(String key) {
    StorageConfig nowhere = new StorageConfig(URI.create("http://127.0.0.1:1"), "r", "key", "key");
    try (MinioStorage storage = new MinioStorage(nowhere, Duration.ofMillis(1))) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> storage.read(new ObjectRef("part", key), 100))
          .returns(Kind.NOT_FOUND, StorageException::kind);
    }
  }

  @Test
  void withoutPlacesNothingIsAllowed() {
    assertThat(AllowedObjects.of(Set.of()).contains(new ObjectRef("a", "b"))).isFalse();
  }
}
