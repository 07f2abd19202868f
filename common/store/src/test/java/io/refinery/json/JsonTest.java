package io.refinery.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
}
