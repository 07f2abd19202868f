package io.refinery.console.bundle;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import io.refinery.bundle.BundleFormat;
import io.refinery.bundle.BundleInfo;
import io.refinery.bundle.BundleLimits;
import io.refinery.bundle.BundleOptions;
import io.refinery.bundle.BundleReader;
import io.refinery.bundle.Bundles;
import io.refinery.bundle.Inventory;
import io.refinery.bundle.RewriteReport;
import io.refinery.console.cli.ProgressBars;
import io.refinery.console.cli.SettingsOptions;
import io.refinery.console.config.ConfigurationException;
import io.refinery.console.connection.Connections;
import io.refinery.image.LevelBatch;
import io.refinery.registry.ModelNotFoundException;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code refinery bundle check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    header = "Say what is in a bundle, and whether it can be refined.",
    description = {
      "Reads the whole bundle. Prints its images and their brightness, its labels with examples, what"
          + " is carried along, and what a conversion would leave out. Nothing is sent anywhere.",
      "",
      "  refinery bundle check eyes.h5",
      "  refinery bundle check eyes.zip --model eyes@stable --draw eyes.png",
      ""
    })
public final class CheckCommand implements Callable<Integer> {

  private static final int BATCH = 256;
  private static final int COLOUR = 3;

  @Parameters(paramLabel = "BUNDLE", description = "HDF5 or ZIP.")
  private Path bundle;

  @Option(
      names = "--images",
      paramLabel = "NAME",
      description = "Folder or pattern of the image files to refine, as for `refinery submit`.")
  private List<String> images = List.of();

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description =
          "Also say whether this model refines such images, such as eyes@stable. Needs the store.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--draw",
      paramLabel = "FILE",
      description = "Draw the first images, with labels that are points on them, as a PNG file.")
  private Optional<Path> drawing = Optional.empty();

  @Mixin private SettingsOptions settings;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!Files.isRegularFile(bundle)) {
      throw new ConfigurationException("There is no file " + bundle.toAbsolutePath() + ".");
    }
    PrintWriter out = spec.commandLine().getOut();
    Optional<Integer> channels = model.map(this::channels);
    BundleOptions options = options(channels);
    try {
      Inventory inventory = Bundles.inventory(bundle, BundleLimits.DEFAULT, options);
      print(inventory, out);
      BundleInfo info = readAll(options, out);
      convert(inventory, options, out);
      drawing.ifPresent(file -> draw(file, options, out));
      boolean fits =
          channels.map(wanted -> fits(wanted, info.shape().channels(), out)).orElse(true);
      out.flush();
      return fits ? ExitCode.OK : ExitCode.SOFTWARE;
    } catch (BundleException e) {
      if (e.fault() == BundleFault.NOT_GRAY) {
        channels.ifPresent(wanted -> fits(wanted, COLOUR, out));
      }
      out.flush();
      spec.commandLine().getErr().println("refinery: " + e.fault() + ": " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  /** Returns how a worker reads the bundle for a model with these channels. */
  private BundleOptions options(Optional<Integer> channels) {
    BundleOptions options = BundleOptions.DEFAULT.withImages(images);
    return channels.map(options::withChannels).orElse(options);
  }

  private void print(Inventory inventory, PrintWriter out) {
    for (Inventory.Item item : inventory.items()) {
      String role = item.role().name().toLowerCase(Locale.ROOT);
      out.printf("%-8s %s: %s%n", role, item.name(), item.description());
    }
    inventory.remarks().forEach(remark -> out.println("note     " + remark));
  }

  /** Says what a refined bundle in either format would not hold. */
  private void convert(Inventory inventory, BundleOptions options, PrintWriter out) {
    for (BundleFormat format : BundleFormat.values()) {
      String to = "to " + format;
      try {
        RewriteReport report = Bundles.conversion(bundle, format, BundleLimits.DEFAULT, options);
        if (report.leftOut().isEmpty()) {
          out.printf("%-8s nothing is left out%n", to);
        }
        report
            .leftOut()
            .forEach(left -> out.printf("%-8s without %s: %s%n", to, left.what(), left.why()));
        report.remarks().stream()
            .filter(remark -> !inventory.remarks().contains(remark))
            .forEach(remark -> out.printf("%-8s note: %s%n", to, remark));
      } catch (BundleException e) {
        out.printf("%-8s not possible: %s: %s%n", to, e.fault(), e.getMessage());
      }
    }
  }

  /** Reads every image, which finds the broken ones. */
  private BundleInfo readAll(BundleOptions options, PrintWriter out) throws BundleException {
    Brightness brightness = new Brightness();
    try (BundleReader reader = Bundles.open(bundle, BundleLimits.DEFAULT, options);
        ProgressBar progress = ProgressBars.bar("Checking", reader.info().count(), " images")) {
      for (Optional<LevelBatch> batch = reader.readLevels(BATCH);
          batch.isPresent();
          batch = reader.readLevels(BATCH)) {
        brightness.add(batch.get());
        progress.stepBy(batch.get().count());
      }
      out.println(
          "sound    all "
              + "%,d images of %s can be read; %s"
                  .formatted(reader.info().count(), reader.info().shape(), brightness));
      return reader.info();
    }
  }

  private void draw(Path file, BundleOptions options, PrintWriter out) {
    try (BundleReader reader = Bundles.open(bundle, BundleLimits.DEFAULT, options)) {
      List<String> drawn = ContactSheet.draw(reader, file);
      out.println(
          "drawn    "
              + file
              + (drawn.isEmpty() ? ": no label holds points" : ": " + String.join(", ", drawn)));
    } catch (BundleException | IOException e) {
      throw new IllegalStateException("Cannot draw " + file + ": " + e.getMessage(), e);
    }
  }

  /** Looks a model up before the work, which would be in vain without it. */
  private int channels(String name) {
    try (Connections connections = Connections.open(settings.settings())) {
      ModelReference reference = ModelReference.parse(name);
      ModelVersion version = connections.registry().resolve(reference).version();
      return connections.registry().manifest(version).refiner().channels();
    } catch (IllegalArgumentException | ModelNotFoundException e) {
      throw new ConfigurationException("--model: " + e.getMessage(), e);
    }
  }

  private boolean fits(int channels, int found, PrintWriter out) {
    boolean fits = channels == found;
    out.printf(
        "model    %s refines %s images: it %s%n",
        model.orElseThrow(), channels == 1 ? "gray" : "colour", fits ? "fits" : "does not fit");
    return fits;
  }
}
