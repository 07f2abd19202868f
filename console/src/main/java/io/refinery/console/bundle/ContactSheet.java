package io.refinery.console.bundle;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.NumericLabel;
import io.refinery.image.ImageShape;
import io.refinery.image.LevelBatch;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Draws the first images of a bundle, enlarged, with the points of its labels. */
final class ContactSheet {

  private static final int COLUMNS = 4;
  private static final int MOST = 12;
  private static final int WIDTH = 1200;
  private static final int GAP = 4;

  private static final Color[] COLOURS = {
    new Color(0xFF3B30),
    new Color(0x34C759),
    new Color(0x0A84FF),
    new Color(0xFFD60A),
    new Color(0xFF2D92),
    new Color(0x64D2FF)
  };

  /** Points of a label, on the images that are drawn. */
  private static final class Points {
    private final String label;
    private final int width;
    private final int perImage;
    private final double[] values;

    Points(String label, int width, int perImage, double[] values) {
      this.label = label;
      this.width = width;
      this.perImage = perImage;
      this.values = values;
    }
  }

  private final ImageShape shape;
  private final LevelBatch batch;
  private final int scale;

  private ContactSheet(LevelBatch batch) {
    this.batch = batch;
    this.shape = batch.shape();
    this.scale = Math.max(1, (WIDTH / COLUMNS - GAP) / shape.width());
  }

  /**
   * Draws a bundle.
   *
   * @return the labels whose points are drawn
   */
  static List<String> draw(BundleReader reader, Path file) throws BundleException, IOException {
    Optional<LevelBatch> batch = reader.readLevels(MOST);
    ContactSheet sheet = new ContactSheet(batch.orElseThrow());
    List<Points> points = new ArrayList<>();
    for (String name : reader.info().labels()) {
      Optional<NumericLabel> label = reader.numbers(name);
      if (label.isPresent()) {
        sheet.points(label.get()).ifPresent(points::add);
      }
    }
    for (String name : reader.info().labels()) {
      if (name.endsWith("_x")) {
        sheet.pair(name.substring(0, name.length() - 2), reader).ifPresent(points::add);
      }
    }
    BufferedImage image = sheet.draw(points);
    if (!ImageIO.write(image, "png", file.toFile())) {
      throw new IOException("No writer for PNG files is installed");
    }
    return points.stream().map(point -> point.label).toList();
  }

  /**
   * Returns a label's points if it can hold some: pairs or triples whose x and y are in the image.
   */
  private Optional<Points> points(NumericLabel label) throws BundleException {
    List<Integer> dims = label.dims();
    int width = dims.isEmpty() ? 0 : dims.get(dims.size() - 1);
    if (width != 2 && (width != 3 || dims.size() < 2)) {
      return Optional.empty();
    }
    return points(label.name(), width, label.columns(), label.read(0, batch.count()));
  }

  /** Returns the points of two labels that hold x and y. */
  private Optional<Points> pair(String name, BundleReader reader) throws BundleException {
    Optional<NumericLabel> x = reader.numbers(name + "_x");
    Optional<NumericLabel> y = reader.numbers(name + "_y");
    if (x.isEmpty() || y.isEmpty() || x.get().columns() != 1 || y.get().columns() != 1) {
      return Optional.empty();
    }
    double[] xs = x.get().read(0, batch.count());
    double[] ys = y.get().read(0, batch.count());
    double[] values = new double[2 * xs.length];
    for (int i = 0; i < xs.length; i++) {
      values[2 * i] = xs[i];
      values[2 * i + 1] = ys[i];
    }
    return points(name, 2, 2, values);
  }

  private Optional<Points> points(String name, int width, int perImage, double[] values) {
    boolean spread = false;
    for (int i = 0; i + 1 < values.length; i += width) {
      boolean outside =
          values[i] < 0
              || values[i] > shape.width()
              || values[i + 1] < 0
              || values[i + 1] > shape.height();
      // A point that is missing is NaN, which is not outside.
      if (outside) {
        return Optional.empty();
      }
      spread |= values[i] > 1 || values[i + 1] > 1;
    }
    // Numbers from 0 to 1 are rather directions or proportions.
    return spread ? Optional.of(new Points(name, width, perImage, values)) : Optional.empty();
  }

  private BufferedImage draw(List<Points> points) {
    int rows = (batch.count() + COLUMNS - 1) / COLUMNS;
    int cellWidth = shape.width() * scale + GAP;
    int cellHeight = shape.height() * scale + GAP;
    BufferedImage sheet =
        new BufferedImage(
            COLUMNS * cellWidth + GAP, rows * cellHeight + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setStroke(new BasicStroke(Math.max(1f, scale / 4f)));
    for (int i = 0; i < batch.count(); i++) {
      int left = GAP + i % COLUMNS * cellWidth;
      int top = GAP + i / COLUMNS * cellHeight;
      graphics.drawImage(image(i), left, top, shape.width() * scale, shape.height() * scale, null);
      for (int p = 0; p < points.size(); p++) {
        graphics.setColor(COLOURS[p % COLOURS.length]);
        draw(points.get(p), i, left, top, graphics);
      }
    }
    graphics.dispose();
    return sheet;
  }

  private BufferedImage image(int index) {
    BufferedImage image =
        new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
    int area = shape.width() * shape.height();
    int start = index * shape.values();
    for (int i = 0; i < area; i++) {
      int rgb = 0;
      for (int c = 0; c < 3; c++) {
        int channel = Math.min(c, shape.channels() - 1);
        rgb = (rgb << 8) | (batch.levels()[start + channel * area + i] & 0xFF);
      }
      image.setRGB(i % shape.width(), i / shape.width(), rgb);
    }
    return image;
  }

  private void draw(Points points, int image, int left, int top, Graphics2D graphics) {
    double arm = Math.max(2, scale * 0.75);
    for (int i = 0; i + 1 < points.perImage; i += points.width) {
      double x = left + points.values[image * points.perImage + i] * scale;
      double y = top + points.values[image * points.perImage + i + 1] * scale;
      graphics.draw(new Line2D.Double(x - arm, y, x + arm, y));
      graphics.draw(new Line2D.Double(x, y - arm, x, y + arm));
    }
  }
}
