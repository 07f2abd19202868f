package io.refinery.engine.torch;

import io.refinery.image.ImageShape;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Some images of a batch, or a band of some: what one thread refines at a time.
 *
 * @param image the first one's number
 * @param images how many
 * @param dimension along which bands lie, 2 (rows) or 3 (columns)
 * @param from first row or column that the tile gives
 * @param length how many it gives
 * @param margin rows or columns that it reads besides, on either side where there are any
 * @param end rows or columns of the whole image
 */
record Tile(int image, int images, int dimension, int from, int length, int margin, int end) {

  /** A band costs more the more of it is margin: it pays where it takes this share off. */
  private static final double WORTHWHILE = 0.9;

  /** What all bands of an image read together, in images: margins are refined in vain. */
  private static final int MOST_WORK = 2;

  /**
   * Tiles that give every pixel of a batch once.
   *
   * @param count images, at least 1
   * @param lanes threads that will share them
   * @param most images of a tile, at least 1
   * @param radius rows and columns that a refined pixel depends on, on each side
   */
  static List<Tile> of(int count, ImageShape shape, int lanes, int most, int radius) {
    List<Tile> tiles = new ArrayList<>();
    int dimension = shape.width() >= shape.height() ? 3 : 2;
    int end = Math.max(shape.width(), shape.height());
    int bands = bands(end, lanes / count, radius);
    int images = Math.max(1, Math.min(most, (count + lanes - 1) / lanes));
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

  private static int bands(int end, int most, int radius) {
    int best = 1;
    for (int bands = 2; bands <= most; bands++) {
      int widest = widest(end, bands, radius);
      if (widest < WORTHWHILE * widest(end, best, radius) && bands * widest <= MOST_WORK * end) {
        best = bands;
      }
    }
    return best;
  }

  private static int widest(int end, int bands, int radius) {
    int margins = Math.min(bands - 1, 2) * radius;
    return Math.min(end, (end + bands - 1) / bands + margins);
  }

  /** What it reads of all images. */
  Tensor read(Tensor all) {
    int first = Math.max(0, from - margin);
    int last = Math.min(end, from + length + margin);
    return all.narrow(0, image, images).narrow(dimension, first, last - first);
  }

  /** Where a pass may shed what nothing that it gives depends on any more. */
  Margins margins() {
    boolean before = from > 0 && from >= margin;
    boolean after = from + length < end && from + length + margin <= end;
    return new Margins(dimension, before, after);
  }

  /**
   * Puts into {@code all} what it gives.
   *
   * @param refined as large as what {@link #read} gave, less the {@link #margins}
   */
  void write(Tensor refined, Tensor all) {
    int first = margins().before() ? 0 : from;
    Tensor given = refined.narrow(dimension, first, length);
    all.narrow(0, image, images).narrow(dimension, from, length).copy_(given);
  }
}
