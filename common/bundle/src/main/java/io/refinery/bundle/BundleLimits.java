package io.refinery.bundle;

/**
 * Limits on what a reader accepts, so that no bundle can exhaust a worker.
 *
 * @param bytes maximum file size, in bytes
 * @param side maximum height and width of an image, in pixels
 * @param images maximum number of images in the bundle
 * @param inflation maximum decompression ratio over the whole bundle
 * @param pixels maximum number of pixels (height times width) of an image, checked before it is
 *     decoded
 */
public record BundleLimits(long bytes, int side, long images, double inflation, long pixels) {

  /** 64 GiB, 4,096 pixels per side, 10 million images, a ratio of 1,000. */
  public static final BundleLimits DEFAULT = new BundleLimits(64L << 30, 4096, 10_000_000, 1000);

  /** Limits the pixels of an image by its sides alone. */
  public BundleLimits(long bytes, int side, long images, double inflation) {
    this(bytes, side, images, inflation, (long) side * side);
  }

  /** Returns these limits with another number of pixels. */
  public BundleLimits withPixels(long pixels) {
    return new BundleLimits(bytes, side, images, inflation, pixels);
  }
}
