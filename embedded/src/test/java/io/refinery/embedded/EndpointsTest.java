package io.refinery.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class EndpointsTest {

  private static final Endpoints ENDPOINTS =
      new Endpoints("127.0.0.1:9092", URI.create("http://127.0.0.1:9000"), "refinery", "hidden");

  @Test
  void endpointsRoundTripThroughProperties() {
    assertThat(Endpoints.of(ENDPOINTS.toProperties())).isEqualTo(ENDPOINTS);
  }

  @Test
  void aMissingPropertyIsNamed() {
    Properties properties = ENDPOINTS.toProperties();
    properties.remove("s3.endpoint");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoints.of(properties))
        .withMessageContaining("s3.endpoint");
  }

  @Test
  void theSecretIsNotPrinted() {
    assertThat(ENDPOINTS.toString()).doesNotContain("hidden");
  }
}
