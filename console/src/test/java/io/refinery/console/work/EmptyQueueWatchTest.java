package io.refinery.console.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.refinery.broker.BrokerException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class EmptyQueueWatchTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AtomicInteger ends = new AtomicInteger();
  private LongSupplier jobs = () -> 0;
  private long now = -17;
  private final EmptyQueueWatch watch =
      new EmptyQueueWatch(() -> jobs.getAsLong(), PATIENCE, ends::incrementAndGet, () -> now);

  private void lookAfter(Duration time) {
    now += time.toNanos();
    watch.look();
  }

  @Test
  void theWorkerEndsWhenThereHasBeenNoJobForLongEnough() {
    watch.look();
    lookAfter(PATIENCE.minusNanos(1));
    assertThat(ends).hasValue(0);
    lookAfter(Duration.ofNanos(1));
    assertThat(ends).hasValue(1);
  }

  @Test
  void aJobBeginsTheTimeAgain() {
    watch.look();
    jobs = () -> 1;
    lookAfter(PATIENCE);
    jobs = () -> 0;
    lookAfter(PATIENCE);
    lookAfter(PATIENCE.minusNanos(1));
    assertThat(ends).hasValue(0);
    lookAfter(Duration.ofNanos(1));
    assertThat(ends).hasValue(1);
  }

  @Test
  void aBrokerThatCannotBeReadIsNotTakenForAnEmptyOne() {
    watch.look();
    jobs =
        () -> {
          throw new BrokerException("away");
        };
    lookAfter(PATIENCE);
    lookAfter(PATIENCE);
    jobs = () -> 0;
    lookAfter(PATIENCE);
    assertThat(ends).hasValue(0);
    lookAfter(PATIENCE);
    assertThat(ends).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"30s", "-PT1S", ""})
  void aTimeThatIsNotValidIsNamed(String text) {
    assertThatExceptionOfType(TypeConversionException.class)
        .isThrownBy(() -> new IdleTimeConverter().convert(text))
        .withMessageContaining("'" + text + "'");
    assertThat(new IdleTimeConverter().convert("PT0S")).isZero();
  }
}
