package io.refinery.trainer;

import io.refinery.engine.Device;
import io.refinery.engine.EngineException;
import io.refinery.engine.EngineOptions;
import io.refinery.engine.EngineSelection;
import io.refinery.engine.Precision;
import io.refinery.engine.Refiner;
import io.refinery.engine.RefiningEngine;
import io.refinery.image.ImageBatch;
import io.refinery.image.PixelScale;
import io.refinery.network.OnnxRefiner;
import io.refinery.network.RefinerFile;
import io.refinery.network.RefinerFiles;
import io.refinery.network.RefinerNetwork;
import io.refinery.network.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The result of checking whether a refiner may be published in half precision: it must be within
 * one level of 255 of full precision on at least 99.9 % of the pixels of held-out images.
 *
 * @param good whether it may be published
 * @param sentence the reason, for the log and the report
 * @param metrics {@code half.within-a-level.share}, the share of pixels within one level; empty if
 *     it could not be measured
 */
public record HalfPrecision(boolean good, String sentence, Map<String, Double> metrics) {

  static final String SHARE = "half.within-a-level.share";

  private static final Logger log = LoggerFactory.getLogger(HalfPrecision.class);

  /** The only engine with half precision of its own, which it can also simulate on a CPU. */
  private static final String ENGINE = "onnx";

  private static final double LEAST_SHARE = 0.999;

  public HalfPrecision {
    metrics = Map.copyOf(metrics);
  }

  /**
   * Checks a refiner on the CPU, in floats that are rounded wherever a GPU stores a half: {@link
   * OnnxRefiner#writeRounded}.
   *
   * @param images as the refiner receives them; at least one
   * @param scratch folder for temporary files, which are deleted afterwards
   * @param options of all engines
   */
  public static HalfPrecision evaluate(
      RefinerNetwork network,
      Weights weights,
      ImageBatch images,
      Path scratch,
      EngineOptions options)
      throws IOException {
    HalfPrecision result;
    Path file = Files.createTempFile(scratch, "half-", ".onnx");
    try {
      RefiningEngine engine = EngineSelection.refining(ENGINE, Device.cpu(), options).engine();
      OnnxRefiner.write(network, weights, file);
      ImageBatch full = refined(engine, network, images, file);
      OnnxRefiner.writeRounded(network, weights, file);
      result = compare(full, refined(engine, network, images, file));
    } catch (EngineException e) {
      result =
          new HalfPrecision(
              false, "Not published, because it cannot be checked: " + e.getMessage(), Map.of());
    } finally {
      Files.deleteIfExists(file);
    }
    log.info("Half precision: {}", result.sentence());
    return result;
  }

  private static ImageBatch refined(
      RefiningEngine engine, RefinerNetwork network, ImageBatch images, Path file) {
    RefinerFiles candidate =
        new RefinerFiles("candidate", network, images.shape(), Map.of(RefinerFile.ONNX, file));
    try (Refiner refiner = engine.refiner(candidate, Device.cpu(), Precision.FULL)) {
      return refiner.refine(images);
    }
  }

  static HalfPrecision compare(ImageBatch full, ImageBatch half) {
    float[] expected = full.pixels();
    float[] actual = half.pixels();
    int near = 0;
    for (int i = 0; i < expected.length; i++) {
      // An overflow in half precision becomes NaN, which must not count as near.
      if (!Float.isNaN(actual[i]) && Math.abs(level(actual[i]) - level(expected[i])) <= 1) {
        near++;
      }
    }
    double share = near / (double) expected.length;
    boolean good = share >= LEAST_SHARE;
    String sentence =
        String.format(
            Locale.ROOT,
            "%s: %.3f %% of the pixels of %d images are within one level of 255 of full precision;"
                + " %.1f %% are required",
            good ? "Published" : "Not published",
            100 * share,
            full.count(),
            100 * LEAST_SHARE);
    return new HalfPrecision(good, sentence, Map.of(SHARE, share));
  }

  private static int level(float pixel) {
    return PixelScale.toByte(pixel) & 0xFF;
  }
}
