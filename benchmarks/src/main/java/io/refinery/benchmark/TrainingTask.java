package io.refinery.benchmark;

import io.refinery.bundle.BundleFormat;
import io.refinery.engine.Device;
import io.refinery.engine.EngineOptions;
import io.refinery.image.ImageShape;
import io.refinery.simulator.EyeSimulator;
import io.refinery.simulator.Look;
import io.refinery.simulator.SimulatorOptions;
import io.refinery.trainer.plan.Preset;
import io.refinery.trainer.plan.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The training steps that one process measures, in our trainer or in PyTorch.
 *
 * @param engine the name of an engine
 * @param device such as {@code cpu}
 * @param options of the engine
 * @param synthetic bundle of images of {@code shape}
 * @param real likewise
 * @param seconds duration after two warm-up steps; at least one step is measured
 * @param steps maximum number of steps, 0 for no maximum
 */
record TrainingTask(
    String engine,
    String device,
    EngineOptions options,
    TrainingPlan plan,
    ImageShape shape,
    Path synthetic,
    Path real,
    double seconds,
    long steps) {

  /** Ratio of the images in a bundle to the window from which they are drawn. */
  private static final int BUNDLE_TO_WINDOW = 4;

  private static final int WINDOW_TO_BATCH = 8;
  private static final int HANDS_SIDE = 224;

  /**
   * Returns a plan with only a preset's steps of Algorithm 1, on bundles larger than the window, so
   * that every image is decoded again.
   *
   * @param pixels maximum per mini-batch, which nevertheless has at least 2 images
   */
  static TrainingPlan steps(Preset preset, ImageShape shape, int pixels) {
    int batch = Math.min(preset.plan().schedule().batch(), Math.max(2, pixels / shape.values()));
    return preset
        .plan()
        .with(
            Map.of(
                "schedule.batch",
                Integer.toString(batch),
                "schedule.refinerPretraining",
                "0",
                "schedule.discriminatorPretraining",
                "0",
                "schedule.steps",
                Integer.toString(Integer.MAX_VALUE),
                "feed.window",
                Integer.toString(WINDOW_TO_BATCH * batch),
                "feed.heldOut",
                "1"));
  }

  /**
   * Returns the shape of a preset's images: the paper's crops of eyes, or its depth images of
   * hands.
   */
  static ImageShape shape(Preset preset) {
    return preset.name().startsWith("hands")
        ? new ImageShape(1, HANDS_SIDE, HANDS_SIDE)
        : SimulatorOptions.EYE_CROP;
  }

  /**
   * Returns the steps of a preset on simulated images.
   *
   * @param pixels maximum per mini-batch, which nevertheless has at least 2 images
   * @param folder folder that the bundles are written to
   */
  static TrainingTask simulated(
      String engine, Preset preset, int pixels, double seconds, Path folder) throws IOException {
    ImageShape shape = shape(preset);
    TrainingPlan plan = steps(preset, shape, pixels);
    return new TrainingTask(
        engine,
        Device.cpu().toString(),
        EngineOptions.DEFAULTS,
        plan,
        shape,
        bundle(preset, plan, Look.SYNTHETIC, folder),
        bundle(preset, plan, Look.CAMERA, folder),
        seconds,
        0);
  }

  private static Path bundle(Preset preset, TrainingPlan plan, Look look, Path folder)
      throws IOException {
    Path bundle = folder.resolve(preset.name() + "-" + look + ".h5");
    SimulatorOptions options = new SimulatorOptions(images(plan), shape(preset), look, 1);
    EyeSimulator.write(bundle, BundleFormat.HDF5, options, done -> {});
    return bundle;
  }

  /** The same by another engine on another device, for so many steps. */
  TrainingTask on(String otherEngine, String otherDevice, EngineOptions others, long most) {
    return new TrainingTask(
        otherEngine, otherDevice, others, plan, shape, synthetic, real, seconds, most);
  }

  /** Returns the number of images that each bundle needs. */
  static int images(TrainingPlan plan) {
    return BUNDLE_TO_WINDOW * plan.feed().window();
  }
}
