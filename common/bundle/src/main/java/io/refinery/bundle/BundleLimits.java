package io.refinery.bundle;

/**
 * What a reader accepts, so that no bundle can exhaust a worker.
 *
 * @param bytes of the file
 * @param side rows or columns of one image
 * @param images in the bundle
 * @param inflation bytes that decompression may make of one byte, on the whole bundle
 */
public record BundleLimits(long bytes, int side, long images, double inflation) {

  /** 64 GiB, 4,096 pixels a side, 10 million images, 1,000 times. */
  public static final BundleLimits DEFAULT = new BundleLimits(64L << 30, 4096, 10_000_000, 1000);
}
