package io.refinery.bundle;

import java.util.List;
import java.util.OptionalInt;

/**
 * How to look at a bundle.
 *
 * @param images for a ZIP with masks, depth maps or the like beside its images: the images' folders
 *     ({@code data/images} with the folders inside it, or {@code .} for the root), or globs of
 *     their names ({@code *_rgb.png}) or paths; empty for every image. Refused for HDF5
 * @param channels 1 to read images of a ZIP as gray if all their pixels are gray, even if they are
 *     stored as RGB, and to refuse others; empty or 3 to read what is stored
 * @param upright whether to turn images upright that carry an EXIF orientation, or to leave pixels
 *     as they are stored. A ZIP that is rewritten as ZIP needs them as stored
 */
public record BundleOptions(List<String> images, OptionalInt channels, boolean upright) {

  /** Every image, as a viewer shows it. */
  public static final BundleOptions DEFAULT =
      new BundleOptions(List.of(), OptionalInt.empty(), true);

  /** Every image, with pixels as they are stored. */
  public static final BundleOptions AS_STORED = DEFAULT.asStored();

  public BundleOptions {
    images = List.copyOf(images);
  }

  public BundleOptions withImages(List<String> selected) {
    return new BundleOptions(selected, channels, upright);
  }

  /**
   * @param wanted 1 or 3
   */
  public BundleOptions withChannels(int wanted) {
    return new BundleOptions(images, OptionalInt.of(wanted), upright);
  }

  public BundleOptions asStored() {
    return new BundleOptions(images, channels, false);
  }
}
