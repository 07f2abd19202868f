package io.refinery.bundle;

/**
 * Limits on what a reader accepts, so that no bundle can exhaust a worker.
 *
 * @param bytes maximum file size, in bytes
 * @param side maximum height and width of an image, in pixels
 * @param images maximum number of images in the bundle
 * @param inflation maximum decompression ratio over the whole bundle
 */
public record BundleLimits(long bytes, int side, long images, double inflation) {

  /** 64 GiB, 4,096 pixels per side, 10 million images, a ratio of 1,000. */
  public static final BundleLimits DEFAULT = new BundleLimits(64L << 30, 4096, 10_000_000, 1000);
}
