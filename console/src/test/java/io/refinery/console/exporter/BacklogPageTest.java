package io.refinery.console.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.refinery.broker.Backlog;
import io.refinery.json.Json;
import io.refinery.message.JobPriority;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BacklogPageTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Backlog NONE = new Backlog(0, Optional.empty());

  private static Backlog since(long records, int seconds) {
    return new Backlog(records, Optional.of(NOW.minusSeconds(seconds)));
  }

  private static BacklogReading reading(Backlog high, Backlog normal) {
    return new BacklogReading(
        NOW, Map.of(JobPriority.HIGH, high, JobPriority.NORMAL, normal), NONE, 7);
  }

  private static JsonNode page(BacklogReading reading) throws IOException {
    return Json.mapper().readTree(Json.write(BacklogPage.of(reading, NOW)));
  }

  @Test
  void jobsAreTheSumAndTheOldestOfBothPriorities() throws IOException {
    assertThat(page(reading(since(2, 5), since(3, 60))))
        .isEqualTo(
            Json.mapper()
                .readTree(
                    """
                    {"status": "up", "readAt": "2026-01-02T03:04:05Z",
                     "jobs": {"count": 5, "oldestSeconds": 60.0,
                              "high": {"count": 2, "oldestSeconds": 5.0},
                              "normal": {"count": 3, "oldestSeconds": 60.0}},
                     "trainings": {"count": 0, "oldestSeconds": 0.0}, "deadLetters": 7}
                    """));
  }

  @Test
  void anAgeThatCouldNotBeReadIsAbsentAndNotZero() throws IOException {
    BacklogReading reading = reading(new Backlog(2, Optional.empty()), since(3, 60));
    JsonNode jobs = page(reading).get("jobs");
    assertThat(jobs.get("count").asInt()).isEqualTo(5);
    assertThat(jobs.has("oldestSeconds")).isFalse();
    assertThat(jobs.get("high").has("oldestSeconds")).isFalse();
    assertThat(jobs.get("normal").get("oldestSeconds").asDouble()).isEqualTo(60);
    assertThat(reading.lacksAge()).isTrue();
    assertThat(reading(NONE, since(3, 60)).lacksAge()).isFalse();
  }

  @Test
  void aMessageOfAClockThatIsAheadIsNotNegative() {
    assertThat(BacklogReading.oldestSeconds(since(1, -9), NOW)).isZero();
  }

  @Test
  void metricsWithoutAReadingAreNotANumber() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    BacklogMetrics.register(registry, Optional::empty);
    assertThat(registry.find("refinery.outage").gauge().value()).isEqualTo(1);
    assertThat(registry.getMeters()).hasSize(8);
    registry.getMeters().stream()
        .map(Gauge.class::cast)
        .filter(gauge -> !gauge.getId().getName().equals("refinery.outage"))
        .forEach(gauge -> assertThat(gauge.value()).as(gauge.getId().toString()).isNaN());
  }
}
