package io.refinery.worker;

import com.sun.management.OperatingSystemMXBean;
import io.refinery.bundle.BundleLimits;
import io.refinery.network.RefinerNetwork;
import java.lang.management.ManagementFactory;

/** The native memory of this process, in pixels of an image that is refined. */
public final class ImageMemory {

  /** Of the paper's refiners. */
  private static final int USUAL_FILTERS = 64;

  /** Feature maps of 32-bit floats in use at once: a block's input, two of its own, and the sum. */
  private static final int MAPS = 4;

  private static final long BYTES_PER_PIXEL = (long) MAPS * Float.BYTES * USUAL_FILTERS;

  private ImageMemory() {}

  /**
   * Returns how many pixels an image may have so that a refiner with 64 feature maps has room: what
   * the machine or container has beside the heap, at 1 KiB per pixel.
   *
   * @return at least 1
   */
  public static long pixels() {
    long total =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return pixels(total, Runtime.getRuntime().maxMemory());
  }

  static long pixels(long total, long heap) {
    return Math.max(1, (total - heap) / BYTES_PER_PIXEL);
  }

  /** Returns the limits for a refiner, which may have more feature maps than usual. */
  static BundleLimits limits(BundleLimits limits, RefinerNetwork refiner) {
    return refiner.filters() <= USUAL_FILTERS
        ? limits
        : limits.withPixels(Math.max(1, limits.pixels() / refiner.filters() * USUAL_FILTERS));
  }
}
