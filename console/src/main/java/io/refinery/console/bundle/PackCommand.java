package io.refinery.console.bundle;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.Provenance;
import io.refinery.bundle.pack.PackOptions;
import io.refinery.bundle.pack.PackReport;
import io.refinery.bundle.pack.Packing;
import io.refinery.console.cli.PixelSize;
import io.refinery.console.cli.ProgressBars;
import io.refinery.console.config.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery bundle pack}. */
@Command(
    name = "pack",
    mixinStandardHelpOptions = true,
    header = "Make a bundle of images and labels as you have them.",
    description = {
      "SOURCE is a folder, ZIP or tar of images, with labels in a table (labels.csv) or in files"
          + " beside the images (UnityEyes, WebDataset), or a file of arrays: .npz, .npy, .mat."
          + " The bundle is HDF5. Prints what became a label, and what was left out.",
      "",
      "  refinery bundle pack photos/ --output photos.h5 --size 55x35 --gray",
      "  refinery bundle pack day01.mat --output eyes.h5 --images data/left/image",
      ""
    })
public final class PackCommand implements Callable<Integer> {

  @Parameters(paramLabel = "SOURCE", description = "Folder, .zip, .tar, .npz, .npy or .mat.")
  private Path source;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "The bundle to write.")
  private Path output;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description =
          "Crop each image around its middle to these proportions, and scale it. Labels that are"
              + " points move with the pixels.")
  private Optional<String> size = Optional.empty();

  @Option(names = "--gray", description = "Make colour images gray.")
  private boolean gray;

  @Option(
      names = "--images",
      paramLabel = "NAME",
      description =
          "Folder or pattern of the image files to take, or the array that holds the images.")
  private List<String> images = List.of();

  @Option(
      names = "--axes",
      paramLabel = "AXES",
      description =
          "Of an array of images: N (number), H, W and C (colour) in the order of its dimensions,"
              + " such as HWN. The default is NHW or NHWC.")
  private Optional<String> axes = Optional.empty();

  @Option(
      names = "--points",
      paramLabel = "LABEL",
      description =
          "A label that is a point, or several, in the image: x and y in pixels from the top left;"
              + " iris also stands for iris_x and iris_y. Those of UnityEyes are known.")
  private List<String> points = List.of();

  @Option(names = "--overwrite", description = "Replace FILE if it exists.")
  private boolean overwrite;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PackOptions options = new PackOptions(size.map(PackCommand::size), gray, images, axes, points);
    requireTarget();
    Provenance provenance =
        new Provenance(Map.of("refinery.packed", String.valueOf(source.getFileName())));
    PackReport report;
    try (ProgressBar progress = ProgressBars.bar("Packing", -1, " images")) {
      report =
          Packing.pack(
              source, output, options, provenance, (done, of) -> progress.maxHint(of).stepTo(done));
    } catch (BundleException e) {
      spec.commandLine().getErr().println("refinery: " + e.fault() + ": " + e.getMessage());
      return ExitCode.SOFTWARE;
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot pack " + source + " into " + output + ": " + e.getMessage(), e);
    }
    print(report, spec.commandLine().getOut());
    return ExitCode.OK;
  }

  private void requireTarget() {
    if (!Files.exists(source)) {
      throw new ConfigurationException("There is no " + source.toAbsolutePath() + ".");
    }
    Path folder = output.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new ConfigurationException("There is no folder " + folder + ": create it first.");
    }
    String name = output.getFileName().toString();
    if (!name.endsWith(".h5") && !name.endsWith(".hdf5")) {
      throw new ConfigurationException(
          "--output must end in .h5, as the bundle is HDF5, not '" + name + "'.");
    }
    if (Files.exists(output) && !overwrite) {
      throw new ConfigurationException(output + " exists: add --overwrite to replace it.");
    }
  }

  private static PackOptions.Size size(String text) {
    PixelSize size = PixelSize.parse(text);
    return new PackOptions.Size(size.width(), size.height());
  }

  private void print(PackReport report, PrintWriter out) {
    out.printf("%s: %,d images of %s%n", output, report.images(), report.shape());
    report.labels().forEach(label -> out.println("label    " + label));
    report.leftOut().forEach(left -> out.println("left out " + left.what() + ": " + left.why()));
    report.remarks().forEach(remark -> out.println("note     " + remark));
    out.flush();
  }
}
