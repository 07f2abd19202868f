package io.refinery.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.refinery.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectRefTest {

  @Test
  void anAddressConsistsOfBucketAndKey() {
    ObjectRef ref = ObjectRef.parse("s3://bundles/2026/eyes 1.h5");

    assertThat(ref.bucket()).isEqualTo("bundles");
    assertThat(ref.key()).isEqualTo("2026/eyes 1.h5");
    assertThat(ref).hasToString("s3://bundles/2026/eyes 1.h5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bundles/a.h5",
        "s3://",
        "s3://bundles",
        "s3://bundles/",
        "s3:///a.h5",
        "s3://b//a"
      })
  void anInvalidAddressIsRefusedNamingTheExpectedForm(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ObjectRef.parse(text))
        .withMessageContaining("s3://bucket/key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://b/\ud800", "s3://b/\udc00a.h5", "s3://\ud800/a.h5"})
  void halfASurrogatePairIsNotAnAddress(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ObjectRef.parse(text))
        .withMessageContaining("surrogate");
  }

  @Test
  void aKeyHasAtMostTheBytesThatS3Allows() {
    String key = "\u00e4".repeat(512);

    assertThat(new ObjectRef("b", key).key()).isEqualTo(key);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ObjectRef("b", key + "a"))
        .withMessageContaining("1,025");
  }

  @Test
  void itIsAStringInJson() throws JsonProcessingException {
    ObjectRef ref = new ObjectRef("bundles", "a.h5");

    String json = Json.mapper().writeValueAsString(ref);

    assertThat(json).isEqualTo("\"s3://bundles/a.h5\"");
    assertThat(Json.mapper().readValue(json, ObjectRef.class)).isEqualTo(ref);
  }

  @Test
  void resolvingAppendsToTheKey() {
    assertThat(new ObjectRef("b", "results/7").resolve("bundle.h5"))
        .isEqualTo(new ObjectRef("b", "results/7/bundle.h5"));
  }
}
