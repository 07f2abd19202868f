package io.refinery.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreviewTest {

  @TempDir Path folder;

  @Test
  void showsColumnsSideBySideEnlargedAndAsLongAsTheShortest() throws Exception {
    Path png = folder.resolve("preview.png");
    ImageShape eye = new ImageShape(1, 35, 55);
    Preview.write(
        png,
        List.of(
            new Preview.Column("synthetic", even(3, eye, -1)),
            new Preview.Column("refined", even(2, eye, 0)),
            new Preview.Column("real", even(5, eye, 1))));
    BufferedImage picture = ImageIO.read(png.toFile());
    assertThat(picture.getWidth()).isEqualTo(8 + 3 * (165 + 8));
    assertThat(picture.getHeight()).isEqualTo(26 + 2 * (105 + 8));
    assertThat(level(picture, 8 + 80, 26 + 50)).isZero();
    assertThat(level(picture, 8 + 173 + 80, 26 + 50)).isEqualTo(128);
    assertThat(level(picture, 8 + 2 * 173 + 80, 26 + 113 + 50)).isEqualTo(255);
  }

  @Test
  void showsColourChannelsInOrder() {
    ImageBatch image =
        new ImageBatch(1, new ImageShape(3, 1, 2), new float[] {1, -1, -1, 1, 0, -1});
    BufferedImage drawn = Preview.image(image, 0);
    assertThat(drawn.getRGB(0, 0) & 0xFFFFFF).isEqualTo(0xFF0080);
    assertThat(drawn.getRGB(1, 0) & 0xFFFFFF).isEqualTo(0x00FF00);
  }

  private static ImageBatch even(int count, ImageShape shape, float value) {
    float[] pixels = new float[count * shape.values()];
    Arrays.fill(pixels, value);
    return new ImageBatch(count, shape, pixels);
  }

  private static int level(BufferedImage picture, int x, int y) {
    return picture.getRGB(x, y) & 0xFF;
  }
}
