package io.refinery.trainer.report;

import io.refinery.image.ImageBatch;
import io.refinery.image.ImageShape;
import io.refinery.image.PixelScale;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** A picture of images in captioned columns, enlarged three times. */
public final class Preview {

  private static final int ENLARGED = 3;
  private static final int GAP = 8;
  private static final int CAPTION = 26;
  private static final int LEAST_COLUMN = 150;

  /** One column, its images from top to bottom. */
  public record Column(String caption, ImageBatch images) {}

  private Preview() {}

  /** Writes as many rows as the shortest column has; all images have one shape. */
  public static void write(Path png, List<Column> columns) throws IOException {
    Files.write(png, png(columns));
  }

  /** Returns the same picture as the bytes of a PNG file. */
  static byte[] png(List<Column> columns) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    if (!ImageIO.write(draw(columns), "png", png)) {
      throw new IOException("This Java runtime cannot write PNG files");
    }
    return png.toByteArray();
  }

  private static BufferedImage draw(List<Column> columns) {
    ImageShape shape = columns.get(0).images().shape();
    int rows = columns.stream().mapToInt(column -> column.images().count()).min().orElseThrow();
    int imageWidth = shape.width() * ENLARGED;
    int imageHeight = shape.height() * ENLARGED;
    int columnWidth = Math.max(imageWidth, LEAST_COLUMN) + GAP;
    BufferedImage picture =
        new BufferedImage(
            GAP + columns.size() * columnWidth,
            CAPTION + rows * (imageHeight + GAP),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    graphics.setColor(Color.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    int x = GAP;
    for (Column column : columns) {
      graphics.drawString(column.caption(), x, CAPTION - GAP);
      for (int row = 0; row < rows; row++) {
        int y = CAPTION + row * (imageHeight + GAP);
        graphics.drawImage(image(column.images(), row), x, y, imageWidth, imageHeight, null);
      }
      x += columnWidth;
    }
    graphics.dispose();
    return picture;
  }

  /** One image of a batch, at its original size. */
  static BufferedImage image(ImageBatch images, int index) {
    ImageShape shape = images.shape();
    BufferedImage image =
        new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
    int plane = shape.height() * shape.width();
    int start = index * shape.values();
    for (int pixel = 0; pixel < plane; pixel++) {
      int rgb = 0;
      for (int colour = 0; colour < 3; colour++) {
        int channel = shape.channels() == 1 ? 0 : colour;
        byte level = PixelScale.toByte(images.pixels()[start + channel * plane + pixel]);
        rgb = rgb << 8 | (level & 0xFF);
      }
      image.setRGB(pixel % shape.width(), pixel / shape.width(), rgb);
    }
    return image;
  }
}
