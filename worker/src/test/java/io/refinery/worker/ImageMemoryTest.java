package io.refinery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleLimits;
import io.refinery.network.RefinerNetwork;
import org.junit.jupiter.api.Test;

class ImageMemoryTest {

  @Test
  void anImageMayHaveOnePixelPerKibibyteBesideTheHeap() {
    assertThat(ImageMemory.pixels(4L << 30, 1L << 30)).isEqualTo(3L << 20);
    assertThat(ImageMemory.pixels(1L << 30, 1L << 30)).isEqualTo(1);
    assertThat(ImageMemory.pixels(1L << 30, 4L << 30)).isEqualTo(1);
    assertThat(ImageMemory.pixels()).isPositive();
  }

  @Test
  void refinersWithMoreFeatureMapsTakeSmallerImages() {
    BundleLimits limits = BundleLimits.DEFAULT.withPixels(1 << 20);

    assertThat(ImageMemory.limits(limits, RefinerNetwork.eyes())).isEqualTo(limits);
    assertThat(ImageMemory.limits(limits, new RefinerNetwork(1, 3, 8, 1))).isEqualTo(limits);
    assertThat(ImageMemory.limits(limits, new RefinerNetwork(1, 3, 256, 4)).pixels())
        .isEqualTo(1 << 18);
  }
}
