package io.refinery.benchmark;

import io.refinery.bundle.BundleFormat;
import io.refinery.engine.Device;
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
 * What one process is to measure, by either engine.
 *
 * @param engine an engine's name
 * @param device such as {@code cpu}
 * @param synthetic bundle of images of {@code shape}
 * @param real likewise
 * @param seconds to go on for, after two steps to warm up; at least one step
 * @param steps to stop after, if the seconds are not over before; 0 for none
 */
record TrainingTask(
    String engine,
    String device,
    TrainingPlan plan,
    ImageShape shape,
    Path synthetic,
    Path real,
    double seconds,
    long steps) {

  /** Images of a bundle for each of the window that they are drawn from. */
  private static final int BUNDLE_TO_WINDOW = 4;

  private static final int WINDOW_TO_BATCH = 8;
  private static final int HANDS_SIDE = 224;

  /**
   * A preset's steps of Algorithm 1 alone, on bundles larger than the window, so that every image
   * is decoded anew.
   *
   * @param pixels most of a mini-batch, which has 2 images all the same
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

  /** The images that a preset is for: the paper's crops of eyes, or its depth images of hands. */
  static ImageShape shape(Preset preset) {
    return preset.name().startsWith("hands")
        ? new ImageShape(1, HANDS_SIDE, HANDS_SIDE)
        : SimulatorOptions.EYE_CROP;
  }

  /**
   * The steps of a preset on simulated images.
   *
   * @param pixels most of a mini-batch, which has 2 images all the same
   * @param folder that the bundles are written into
   */
  static TrainingTask simulated(
      String engine, Preset preset, int pixels, double seconds, Path folder) throws IOException {
    ImageShape shape = shape(preset);
    TrainingPlan plan = steps(preset, shape, pixels);
    return new TrainingTask(
        engine,
        Device.cpu().toString(),
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

  /** The same on another device, or for so many steps. */
  TrainingTask on(String otherEngine, String otherDevice, long most) {
    return new TrainingTask(otherEngine, otherDevice, plan, shape, synthetic, real, seconds, most);
  }

  /** Images that each of its bundles needs. */
  static int images(TrainingPlan plan) {
    return BUNDLE_TO_WINDOW * plan.feed().window();
  }
}
