package io.refinery.console.simulate;

import io.refinery.bundle.BundleFormat;
import io.refinery.console.cli.PixelSize;
import io.refinery.console.cli.ProgressBars;
import io.refinery.console.config.ConfigurationException;
import io.refinery.image.ImageShape;
import io.refinery.simulator.EyeSimulator;
import io.refinery.simulator.Look;
import io.refinery.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery simulate}. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    header = "Render labelled eyes into a bundle.",
    description = {
      "Writes eyes with their exact gaze vector (look_vec), iris centre and pupil centre."
          + " The same seed gives the same eyes in both looks.",
      "",
      "  refinery simulate eyes.h5 --count 2000",
      "  refinery simulate camera.h5 --count 2000 --camera --seed 2",
      ""
    })
public final class SimulateCommand implements Runnable {

  @Parameters(
      paramLabel = "BUNDLE",
      description = "File to write: HDF5, or a ZIP of PNG files if the name ends in .zip.")
  private Path bundle;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      defaultValue = "1000",
      description = "Number of images; default ${DEFAULT-VALUE}.")
  private int count;

  @Option(
      names = "--camera",
      description = {
        "Camera look: texture, blur, noise, shadows, compression. This is simulated, too: use it"
            + " if you have no photographs yet."
      })
  private boolean camera;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      defaultValue = "55x35",
      description = "Width and height in pixels; default ${DEFAULT-VALUE}.")
  private String size;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Random seed; default ${DEFAULT-VALUE}.")
  private long seed;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    SimulatorOptions options = options();
    Path folder = bundle.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new ConfigurationException("There is no folder " + folder + ": create it first.");
    }
    BundleFormat format =
        bundle.toString().toLowerCase(Locale.ROOT).endsWith(".zip")
            ? BundleFormat.ZIP
            : BundleFormat.HDF5;
    try (ProgressBar progress = ProgressBars.bar("Rendering", count, " images")) {
      EyeSimulator.write(bundle, format, options, progress::stepTo);
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write " + bundle + ": " + e.getMessage(), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %,d eyes of %s, %s%n",
        bundle,
        count,
        options.shape(),
        camera ? "camera look (simulated, no photographs)" : "synthetic look");
    out.flush();
  }

  private SimulatorOptions options() {
    PixelSize pixels = PixelSize.parse(size);
    try {
      ImageShape shape = new ImageShape(1, pixels.height(), pixels.width());
      return new SimulatorOptions(count, shape, camera ? Look.CAMERA : Look.SYNTHETIC, seed);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }
}
