package io.refinery.simulator;

import io.refinery.image.ImageShape;
import java.util.SplittableRandom;

/**
 * Turns clean tones into what a small camera in poor light would store: uneven light, defocus,
 * exposure, a tone curve, noise, compression. Nothing changes position.
 */
final class Camera implements AutoCloseable {

  private final ImageShape shape;
  private final float[] scratch;
  private final JpegCodec codec;

  Camera(ImageShape shape) {
    this.shape = shape;
    scratch = new float[shape.height() * shape.width()];
    codec = new JpegCodec(shape);
  }

  /**
   * Applies the camera to one image.
   *
   * @param tones height x width values in [0, 1]; overwritten
   * @return height x width gray levels
   */
  byte[] take(float[] tones, long grain) {
    SplittableRandom random = new SplittableRandom(Noise.mix(grain));
    illuminate(tones, random);
    blur(tones, between(random, 0.45, 0.9) * shape.width() / 55);
    expose(tones, random);
    byte[] levels = EyeRenderer.levels(tones);
    return codec.roundTrip(levels, (float) between(random, 0.55, 0.92));
  }

  @Override
  public void close() {
    codec.close();
  }

  /** Adds a soft shadow from one side and the light fall-off of the lens. */
  private void illuminate(float[] tones, SplittableRandom random) {
    double angle = between(random, 0, 2 * Math.PI);
    double shadow = between(random, 0.05, 0.45);
    double edge = between(random, -0.5, 0.5);
    double softness = between(random, 0.25, 0.7);
    double vignette = between(random, 0.1, 0.4);
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        double dx = (x + 0.5) / shape.width() * 2 - 1;
        double dy = (y + 0.5) / shape.height() * 2 - 1;
        double side = dx * Math.cos(angle) + dy * Math.sin(angle);
        double shaded = 1 - shadow / (1 + Math.exp(-(side - edge) / softness * 4));
        double falloff = 1 - vignette * (dx * dx + dy * dy) / 2;
        tones[y * shape.width() + x] *= (float) (shaded * falloff);
      }
    }
  }

  private void expose(float[] tones, SplittableRandom random) {
    double gain = between(random, 0.8, 1.3);
    double gamma = between(random, 1.15, 1.55);
    double black = between(random, 0.03, 0.09);
    double white = between(random, 0.75, 0.95);
    double shot = between(random, 0.0003, 0.0014);
    double read = between(random, 0.005, 0.013);
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = (float) Noise.gaussian(random);
    }
    soften(scratch);
    for (int i = 0; i < tones.length; i++) {
      double light = Math.pow(Math.min(1, gain * tones[i]), gamma);
      double noise = scratch[i] * Math.sqrt(read * read + shot * light);
      tones[i] = (float) (black + (white - black) * light + noise);
    }
  }

  /** Correlates the noise of neighbours in a row, as the colour filter of a sensor does. */
  private void soften(float[] noise) {
    for (int i = noise.length - 1; i > 0; i--) {
      noise[i] = 0.86f * noise[i] + 0.5f * noise[i - 1];
    }
  }

  private void blur(float[] tones, double sigma) {
    float[] kernel = kernel(sigma);
    float[] between = new float[tones.length];
    convolve(tones, between, kernel, 1, shape.width(), shape.height(), shape.width());
    convolve(between, tones, kernel, shape.width(), 1, shape.width(), shape.height());
  }

  /** Convolves {@code lines} lines of {@code length} values; edge values are repeated. */
  private static void convolve(
      float[] from, float[] to, float[] kernel, int step, int pitch, int lines, int length) {
    int reach = kernel.length / 2;
    for (int line = 0; line < lines; line++) {
      int start = line * pitch;
      for (int i = 0; i < length; i++) {
        float sum = 0;
        for (int k = -reach; k <= reach; k++) {
          int at = Math.max(0, Math.min(length - 1, i + k));
          sum += kernel[k + reach] * from[start + at * step];
        }
        to[start + i * step] = sum;
      }
    }
  }

  private static float[] kernel(double sigma) {
    int reach = (int) Math.ceil(3 * sigma);
    float[] kernel = new float[2 * reach + 1];
    float sum = 0;
    for (int k = -reach; k <= reach; k++) {
      kernel[k + reach] = (float) Math.exp(-k * k / (2 * sigma * sigma));
      sum += kernel[k + reach];
    }
    for (int k = 0; k < kernel.length; k++) {
      kernel[k] /= sum;
    }
    return kernel;
  }

  private static double between(SplittableRandom random, double low, double high) {
    return low + random.nextDouble() * (high - low);
  }
}
