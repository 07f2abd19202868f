package io.refinery.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.refinery.image.ImageShape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TileTest {

  private static final int RADIUS = 9;

  @ParameterizedTest
  @CsvSource({
    "1, 55, 1, 1",
    "1, 55, 2, 1",
    "1, 55, 16, 4",
    "2, 55, 7, 1",
    "3, 55, 2, 4",
    "32, 55, 2, 4",
    "33, 55, 4, 4",
    "5, 1, 8, 1",
    "1, 4000, 16, 1"
  })
  void tilesCoverEveryPixelOnce(int count, int width, int threads, int microBatch) {
    int[][] covered = new int[count][width];
    for (Tile tile : Tile.of(count, new ImageShape(1, 1, width), threads, microBatch, RADIUS)) {
      assertThat(tile.dimension()).isEqualTo(3);
      for (int image = tile.image(); image < tile.image() + tile.images(); image++) {
        for (int column = tile.from(); column < tile.from() + tile.length(); column++) {
          covered[image][column]++;
        }
      }
    }
    assertThat(Arrays.stream(covered).flatMapToInt(Arrays::stream)).containsOnly(1);
  }

  @Test
  void twoThreadsSplitOneEyeAlongItsLongerSide() {
    assertThat(Tile.of(1, new ImageShape(1, 35, 55), 2, 1, RADIUS))
        .extracting(Tile::dimension, Tile::from, Tile::length)
        .containsExactly(tuple(3, 0, 27), tuple(3, 27, 28));
    assertThat(Tile.of(1, new ImageShape(1, 55, 35), 2, 1, RADIUS).get(0).dimension()).isEqualTo(2);
  }

  @Test
  void bandsThatWouldBeMostlyHaloAreNotCut() {
    assertThat(Tile.of(1, new ImageShape(1, 35, 55), 2, 1, 63)).hasSize(1);
    assertThat(Tile.of(1, new ImageShape(1, 35, 55), 64, 1, RADIUS)).hasSize(2);
  }

  @Test
  void aBatchWithImagesForEveryThreadIsNotCutIntoBands() {
    List<Tile> tiles = Tile.of(6, new ImageShape(1, 35, 55), 2, 4, RADIUS);
    assertThat(tiles).extracting(Tile::images).containsExactly(3, 3);
    assertThat(tiles).extracting(Tile::length).containsOnly(55);
  }
}
