package io.refinery.bundle;

import io.refinery.bundle.table.ImageHeights;
import io.refinery.bundle.table.ImageLabels;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import java.nio.file.Path;
import java.util.List;

/** The image files of a ZIP, each of any size, upright, and their labels. */
public final class ImageFiles implements AutoCloseable {

  private final ZipBundle zip;

  private ImageFiles(ZipBundle zip) {
    this.zip = zip;
  }

  /**
   * Opens a ZIP.
   *
   * @param images folders or patterns of the images to take; empty for all
   * @throws BundleException when it cannot be read, or it is not certain which files are images
   */
  public static ImageFiles open(Path file, BundleLimits limits, List<String> images)
      throws BundleException {
    BundleOptions options = BundleOptions.DEFAULT.withImages(images);
    return new ImageFiles(ZipBundle.open(file, limits, options, true));
  }

  /** Returns the number of images. */
  public int count() {
    return zip.imageItems().size();
  }

  /** Returns the path of an image in the ZIP. */
  public String name(int image) {
    return zip.imageItems().get(image).name();
  }

  /**
   * Decodes one image.
   *
   * @throws BundleException when it cannot be read
   */
  public LevelBatch read(int image) throws BundleException {
    ImageCodec.Decoded decoded = zip.decodeAny(zip.imageItems().get(image));
    ImageShape shape = decoded.shape();
    byte[] levels = new byte[shape.values()];
    Pixels.bytes(shape).decode(decoded.bytes(), 0, levels, 0);
    return new LevelBatch(1, shape, levels);
  }

  /**
   * Returns the labels of the images, in their order.
   *
   * @throws BundleException when it is not certain which label is whose
   */
  public ImageLabels labels(ImageHeights heights) throws BundleException {
    return zip.labels(heights);
  }

  @Override
  public void close() {
    zip.close();
  }
}
