package io.refinery.engine.torch;

import io.refinery.image.ImageShape;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Some images of a batch, or one band of them: what one thread refines at a time.
 *
 * @param image index of the first image
 * @param images how many
 * @param dimension that is cut into bands, 2 (rows) or 3 (columns)
 * @param from first row or column of the result
 * @param length rows or columns of the result
 * @param radius rows or columns that it also reads on either side, as far as the image has them
 * @param end rows or columns of the whole image
 */
record Tile(int image, int images, int dimension, int from, int length, int radius, int end) {

  /** Cut further only if the widest band, including its halo, shrinks to less than this share. */
  private static final double MIN_SHRINK = 0.9;

  /** Most work for all bands of an image together, in images: halos are refined redundantly. */
  private static final int MAX_WORK = 2;

  /**
   * Cuts a batch into tiles that yield every pixel once.
   *
   * @param count images, at least 1
   * @param threads that share the tiles
   * @param microBatch most images in a tile, at least 1
   * @param radius rows and columns on each side that a refined pixel depends on
   */
  static List<Tile> of(int count, ImageShape shape, int threads, int microBatch, int radius) {
    List<Tile> tiles = new ArrayList<>();
    int dimension = shape.width() >= shape.height() ? 3 : 2;
    int end = Math.max(shape.width(), shape.height());
    int bands = bands(end, threads / count, radius);
    int images = Math.max(1, Math.min(microBatch, (count + threads - 1) / threads));
    for (int image = 0; image < count; image += images) {
      for (int band = 0; band < bands; band++) {
        int from = end * band / bands;
        int length = end * (band + 1) / bands - from;
        tiles.add(
            new Tile(image, Math.min(images, count - image), dimension, from, length, radius, end));
      }
    }
    return tiles;
  }

  private static int bands(int end, int max, int radius) {
    int best = 1;
    for (int bands = 2; bands <= max; bands++) {
      int widest = widest(end, bands, radius);
      if (widest < MIN_SHRINK * widest(end, best, radius) && bands * widest <= MAX_WORK * end) {
        best = bands;
      }
    }
    return best;
  }

  private static int widest(int end, int bands, int radius) {
    int halo = Math.min(bands - 1, 2) * radius;
    return Math.min(end, (end + bands - 1) / bands + halo);
  }

  /** Returns a view of what the tile reads of all images. */
  Tensor read(Tensor all) {
    int first = Math.max(0, from - radius);
    int last = Math.min(end, from + length + radius);
    return all.narrow(0, image, images).narrow(dimension, first, last - first);
  }

  /** Returns the halo, which a forward pass may drop layer by layer. */
  Halo halo() {
    boolean before = from > 0 && from >= radius;
    boolean after = from + length < end && from + length + radius <= end;
    return new Halo(dimension, before, after);
  }

  /**
   * Writes the tile's result into {@code all}.
   *
   * @param refined as large as what {@link #read} returned, minus the {@link #halo}
   */
  void write(Tensor refined, Tensor all) {
    int first = halo().before() ? 0 : from;
    Tensor result = refined.narrow(dimension, first, length);
    all.narrow(0, image, images).narrow(dimension, from, length).copy_(result);
  }
}
