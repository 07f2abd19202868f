package io.refinery.simulator;

import io.refinery.image.ImageShape;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Arrays;

/** Renders eyes of one size. Needs no display. Not thread-safe, as it draws on one canvas. */
public final class EyeRenderer implements AutoCloseable {

  private static final int SUPERSAMPLING = 2;

  private final ImageShape shape;
  private final BufferedImage canvas;
  private final Graphics2D graphics;
  private final int[] samples;
  private final Camera camera;

  /**
   * Creates a renderer for images of one shape.
   *
   * @param shape must be gray
   */
  public EyeRenderer(ImageShape shape) {
    if (shape.channels() != 1) {
      throw new IllegalArgumentException("Eyes can only be rendered in gray, not as " + shape);
    }
    this.shape = shape;
    canvas =
        new BufferedImage(
            shape.width() * SUPERSAMPLING,
            shape.height() * SUPERSAMPLING,
            BufferedImage.TYPE_INT_ARGB_PRE);
    samples = ((DataBufferInt) canvas.getRaster().getDataBuffer()).getData();
    graphics = canvas.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(SUPERSAMPLING, SUPERSAMPLING);
    camera = new Camera(shape);
  }

  /** Renders an eye as height x width gray levels 0..255, unsigned bytes, row-major. */
  public byte[] render(EyeParameters eye, Look look) {
    EyeGeometry geometry = new EyeGeometry(eye, shape);
    float[] tones = new SkinShader(eye, geometry).shade(shape, look);
    Arrays.fill(samples, 0);
    new EyePainter(eye, geometry, look)
        .paint(graphics, new Rectangle(0, 0, shape.width(), shape.height()));
    lay(tones);
    return look == Look.CAMERA ? camera.take(tones, eye.grain()) : levels(tones);
  }

  @Override
  public void close() {
    graphics.dispose();
    camera.close();
  }

  /** Averages the canvas and overlays it on the skin. */
  private void lay(float[] tones) {
    int stride = shape.width() * SUPERSAMPLING;
    float norm = 1f / (255 * SUPERSAMPLING * SUPERSAMPLING);
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        int gray = 0;
        int alpha = 0;
        int corner = y * SUPERSAMPLING * stride + x * SUPERSAMPLING;
        for (int row = 0; row < SUPERSAMPLING; row++) {
          for (int column = 0; column < SUPERSAMPLING; column++) {
            int sample = samples[corner + row * stride + column];
            gray += sample & 0xFF;
            alpha += sample >>> 24;
          }
        }
        int at = y * shape.width() + x;
        tones[at] = gray * norm + (1 - alpha * norm) * tones[at];
      }
    }
  }

  static byte[] levels(float[] tones) {
    byte[] levels = new byte[tones.length];
    for (int i = 0; i < tones.length; i++) {
      levels[i] = (byte) Math.max(0, Math.min(255, Math.round(255 * tones[i])));
    }
    return levels;
  }
}
