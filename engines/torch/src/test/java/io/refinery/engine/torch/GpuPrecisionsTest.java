package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuPrecisionsTest {

  @ParameterizedTest
  @ValueSource(ints = {80, 86, 89, 90, 100, 121})
  void gpusFromAmpereOnOfferEveryPrecision(int capability) {
    assertThat(GpuPrecisions.of(capability)).containsExactlyInAnyOrder(Precision.values());
  }

  @Test
  void gpusBeforeAmpereOfferNeitherTf32NorBfloat16() {
    assertThat(GpuPrecisions.of(75)).containsExactlyInAnyOrder(Precision.FULL, Precision.HALF);
  }

  @Test
  void aGpuThatDoesNotExistIsNotRejectedForItsPrecision() {
    assertThat(GpuPrecisions.of(new Device.Cuda(99))).containsExactlyInAnyOrder(Precision.values());
  }
}
