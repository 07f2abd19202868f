package io.refinery.bundle;

import io.refinery.image.ImageShape;
import java.util.List;

/**
 * What a bundle contains.
 *
 * @param count number of images, at least 1
 * @param pixels how pixels are stored
 * @param labels the names of its labels
 */
public record BundleInfo(
    BundleFormat format, ImageShape shape, long count, PixelType pixels, List<String> labels) {

  /** How pixels are stored. */
  public enum PixelType {
    /** 0 to 255. */
    UINT8,
    /** 0 to 1. */
    FLOAT32
  }
}
