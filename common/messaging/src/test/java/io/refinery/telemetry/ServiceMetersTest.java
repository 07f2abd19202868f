package io.refinery.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleConsumer;
import org.junit.jupiter.api.Test;

class ServiceMetersTest {

  @Test
  void sharesAreCountedExactly() {
    try (ServiceMeters meters = new ServiceMeters()) {
      DoubleConsumer fill = meters.shares("refinery_batch_fill", "How full batches are");
      fill.accept(0.5);
      fill.accept(1);
      assertThat(meters.scrape())
          .contains("refinery_batch_fill_bucket{le=\"0.25\"} 0")
          .contains("refinery_batch_fill_bucket{le=\"0.5\"} 1")
          .contains("refinery_batch_fill_bucket{le=\"1.0\"} 2")
          .contains("refinery_batch_fill_sum 1.5");
    }
  }

  @Test
  void theProcessAndItsJvmAreMeasured() {
    try (ServiceMeters meters = new ServiceMeters()) {
      assertThat(meters.scrape())
          .contains("process_resident_memory_bytes", "process_uptime_seconds", "jvm_memory_used");
    }
  }
}
