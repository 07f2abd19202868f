package io.refinery.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  record Sample(Instant at, Duration took, Optional<Integer> parent) {}

  private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.250Z");

  @Test
  void instantsAndDurationsAreWrittenAsIso8601() throws JsonProcessingException {
    String json =
        Json.mapper().writeValueAsString(new Sample(NOON, Duration.ofMillis(1500), Optional.of(3)));

    assertThat(json)
        .isEqualTo("{\"at\":\"2026-01-02T12:00:00.250Z\",\"took\":\"PT1.5S\",\"parent\":3}");
  }

  @Test
  void absentValuesAreLeftOutAndReadBackAsEmpty() throws JsonProcessingException {
    Sample sample = new Sample(NOON, Duration.ZERO, Optional.empty());

    String json = Json.mapper().writeValueAsString(sample);

    assertThat(json).doesNotContain("parent");
    assertThat(Json.mapper().readValue(json, Sample.class)).isEqualTo(sample);
  }

  @Test
  void unknownFieldsAreIgnored() throws JsonProcessingException {
    Sample sample =
        Json.mapper()
            .readValue(
                "{\"at\":\"2026-01-02T12:00:00.250Z\",\"took\":\"PT0S\",\"colour\":[1]}",
                Sample.class);

    assertThat(sample.at()).isEqualTo(NOON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"took\":\"PT0S\"} {\"took\":\"PT1S\"}",
        "{\"took\":\"PT0S\"} and more",
        "{\"took\":\"PT0S\",\"took\":\"PT1S\"}",
        "{\"took\":\"PT0S\",\"unknown\":{\"deep\":[{\"a\":1,\"a\":2}]}}"
      })
  void nothingIsReadWhereTheTextSaysTwoThings(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

    assertThatIOException().isThrownBy(() -> Json.mapper().readTree(bytes));
    assertThatIOException().isThrownBy(() -> Json.mapper().readTree(json));
    assertThatIOException().isThrownBy(() -> Json.mapper().readValue(bytes, Sample.class));
    assertThatIOException()
        .isThrownBy(() -> Json.mapper().readValue(new ByteArrayInputStream(bytes), JsonNode.class));
  }

  @Test
  void whitespaceAfterTheValueIsNothing() throws JsonProcessingException {
    assertThat(Json.mapper().readTree("{\"a\":1}\r\n\t ").path("a").intValue()).isEqualTo(1);
  }
}
